with named as (
    select
        submitter_id,
        submitter_kind,
        submitter_code,
        submitter_name
    from {{ ref('stg_run__submitter') }}
),

everyone as (
    select
        submitter_id,
        submitter_kind,
        submitter_code,
        submitter_name
    from named
    union all
    select
        location.location_id as submitter_id,
        'location' as submitter_kind,
        location.ods_site_code as submitter_code,
        location.location_name as submitter_name
    from {{ ref('core__location') }} as location
    left join named on location.location_id = named.submitter_id
    where named.submitter_id is null
)

select
    everyone.submitter_id,
    everyone.submitter_kind,
    coalesce(location.ods_site_code, everyone.submitter_code) as submitter_code,
    coalesce(location.location_name, everyone.submitter_name) as submitter_name,
    location.care_setting,
    location.cqc_provider_id,
    location.ods_site_code,
    location.registration_date,
    location.deregistration_date,
    location.record_key
from everyone
left join {{ ref('core__location') }} as location on everyone.submitter_id = location.location_id
