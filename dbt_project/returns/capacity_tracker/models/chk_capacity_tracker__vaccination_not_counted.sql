select distinct
    'capacity_tracker.vaccination_not_counted' as rule_id,
    submitter_id,
    record_key,
    case reason when 'date_not_recorded' then 'date' else 'vaccine_product' end as field,
    case reason when 'date_not_recorded' then 'not recorded' else 'no code of a value set' end as value_seen,
    'given to a resident in the campaign' as evidence
from {{ ref('mbr_capacity_tracker__vaccination') }}
where reason in ('vaccine_not_known', 'date_not_recorded')
