select
    'capacity_tracker.bed_type_not_known' as rule_id,
    beds.location_id as submitter_id,
    beds.record_key,
    'care_category' as field,
    beds.care_category as value_seen,
    beds.evidence
from {{ ref('agg__beds') }} as beds
inner join {{ ref('agg__location_registered_now') }} as location
    on beds.location_id = location.location_id and location.care_setting = 'care_home'
left join {{ ref('core__return_code') }} as cell
    on
        beds.care_category = cell.from_code
        and cell.return_id = 'capacity_tracker'
        and cell.from_list = 'care_category'
where beds.measure = 'beds_of_category' and cell.code is null
