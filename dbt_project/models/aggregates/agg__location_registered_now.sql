select
    submitter.submitter_id as location_id,
    submitter.submitter_name as location_name,
    submitter.ods_site_code as ods_code,
    submitter.cqc_provider_id,
    submitter.care_setting,
    submitter.record_key,
    run.as_at_date
from {{ ref('core__submitter') }} as submitter
cross join {{ ref('stg_run__parameters') }} as run
where
    submitter.submitter_kind = 'location'
    and (submitter.registration_date is null or submitter.registration_date <= run.as_at_date)
    and (submitter.deregistration_date is null or submitter.deregistration_date > run.as_at_date)
