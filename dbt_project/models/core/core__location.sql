with ranked as (
    select
        *,
        row_number() over (
            partition by location_id
            order by extract_as_at desc nulls last, version_number desc nulls last, record_key asc nulls last
        ) as newest_first,
        count(*) over (partition by location_id) as records
    from {{ ref('stg_mods__care_provider') }}
)

select
    location_id,
    location_name,
    cqc_provider_id,
    predecessor_location_id,
    ods_site_code,
    care_setting,
    provider_kind,
    registered_beds,
    registration_date,
    deregistration_date,
    sender_id,
    record_key,
    records
from ranked
where newest_first = 1
