select
    'cqc_pir.setting_not_known' as rule_id,
    setting.location_id as submitter_id,
    setting.record_key,
    'cld_service_component' as field,
    setting.setting as value_seen,
    setting.evidence
from {{ ref('agg__setting_now') }} as setting
inner join {{ ref('agg__location_registered_now') }} as location
    on setting.location_id = location.location_id and location.care_setting = 'home_care'
where setting.setting not in ('domiciliary', 'supported_living', 'extra_care', 'shared_lives')
