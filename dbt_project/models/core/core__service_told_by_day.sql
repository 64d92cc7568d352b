-- What was said later must not count as if it had been known on the day.
with told as (
    select
        version.record_key,
        version.sender_id,
        version.person_record_key,
        version.location_id,
        version.service_start_date,
        version.service_status,
        version.known_on,
        version.version_rank,
        min(version.version_rank) over (partition by version.record_key) as newest_told
    from {{ ref('stg_mods__service_version') }} as version
    cross join {{ ref('stg_run__parameters') }} as run
    where version.known_on <= run.as_at_date
)

select
    told.record_key,
    told.sender_id,
    told.person_record_key,
    link.person_key,
    told.location_id,
    location.care_setting,
    told.service_start_date,
    coalesce(told.service_status, 'not recorded') = 'entered-in-error' as entered_in_error,
    told.known_on
from told
left join {{ ref('stg_identity__link') }} as link on told.person_record_key = link.person_record_key
left join {{ ref('core__location') }} as location on told.location_id = location.location_id
where told.version_rank = told.newest_told
