-- Whose records a submitter may see and answer from. A staff file alone says nothing of the people of a location.
with said as (
    select
        location_id as submitter_id,
        sender_id,
        true as speaks_for_it
    from {{ ref('stg_mods__care_provider') }}
    union all
    select
        location_id as submitter_id,
        sender_id,
        false as speaks_for_it
    from {{ ref('core__asc_wds_workplace') }}
    union all
    select
        submitter_id,
        sender_id,
        true as speaks_for_it
    from {{ ref('core__council_sender') }}
)

select
    submitter_id,
    sender_id,
    max(case when speaks_for_it then 1 else 0 end) = 1 as speaks_for_it
from said
where submitter_id is not null
group by submitter_id, sender_id
