with known as (
    select
        *,
        case
            when coalesce({{ same_text('la_person_unique_identifier') }}, 'unknown')
                in ('unknown', 'invalid and not mapped') then 'unknown'
            else {{ same_text('la_person_unique_identifier') }}
        end as local_id_key
    from {{ ref('cld_main__person_evidence') }}
),

counted as (
    select
        la_code,
        person_key,
        local_id_key,
        recency,
        case when local_id_key = 'unknown' then 1 else 0 end as distance,
        case when local_id_key = 'unknown' then 'Unknown' else la_person_unique_identifier end as local_id,
        count(*) over (partition by la_code, person_key, local_id_key) as occurrences
    from known
),

ranked as (
    select
        *,
        cast(dense_rank() over (
            partition by la_code, person_key order by distance asc nulls last, recency asc nulls last, occurrences desc nulls last
        ) as bigint) as position
    from counted
),

latest as (
    select
        la_code,
        person_key,
        case when min(local_id_key) = max(local_id_key) then min(local_id) else 'Unknown' end as latest_local_id
    from ranked
    where position = 1
    group by la_code, person_key
),

distinct_id as (
    select
        la_code,
        person_key,
        {{ same_text('la_person_unique_identifier') }} as local_id_key,
        min(la_person_unique_identifier) as local_id
    from {{ ref('cld_main__person_evidence') }}
    group by la_code, person_key, {{ same_text('la_person_unique_identifier') }}
),

listed as (
    select
        la_code,
        person_key,
        {{ joined_texts('local_id', 'local_id_key') }} as local_ids
    from distinct_id
    group by la_code, person_key
)

select
    latest.la_code,
    latest.person_key,
    latest.latest_local_id,
    listed.local_ids
from latest
inner join listed on latest.la_code = listed.la_code and latest.person_key = listed.person_key
