with roles as (
    select *
    from {{ ref('cqc_pir__role_now') }}
    union all
    select *
    from {{ ref('cqc_pir__role_past') }}
),

-- A person counts once in a cell, whatever number of records says so.
counted as (
    select
        *,
        row_number() over (
            partition by location_id, cell_id, person_key
            order by case when role = 'numerator' then 0 else 1 end asc nulls last, record_key asc nulls last
        ) as record_of_person
    from roles
)

select
    'cqc_pir' as return_id,
    counted.location_id as submitter_id,
    'people' as measure,
    counted.cell_id,
    counted.person_key,
    counted.record_key as event_key,
    counted.record_key,
    counted.role,
    counted.reason,
    counted.evidence,
    cast(case when counted.role = 'numerator' then 1 else 0 end as decimal(18, 4)) as quantity,
    location.care_setting
from counted
inner join {{ ref('agg__location_registered_now') }} as location on counted.location_id = location.location_id
where counted.record_of_person = 1
