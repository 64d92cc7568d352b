-- The carer record that fills the carer columns of a person's own events as an unpaid carer.
with ranked as (
    select
        carer.*,
        row_number() over (
            partition by carer.submitter_id, carer.person_key
            order by carer.record_key asc nulls last
        ) as position
    from {{ ref('core__council_carer') }} as carer
    inner join {{ ref('core__council_submitter') }} as council
        on
            carer.submitter_id = council.submitter_id
            and lower(carer.la_code) = lower(council.la_code)
    where
        carer.person_key is not null
        and not {{ cld_says('carer.client_type', 'Unpaid carer known by association') }}
)

select
    submitter_id,
    person_key,
    -- The events it fills, as a key to join on.
    'unpaid carer' as filled_client_type,
    record_key as carer_record_key,
    total_hrs_caring_per_week,
    no_of_adults_being_cared_for,
    adult_1_linked_person_id,
    adult_2_linked_person_id,
    adult_3_linked_person_id
from ranked
where position = 1
