select
    'cqc_notifications.decision_fits_nothing' as rule_id,
    coalesce(decision.location_id, location.location_id) as submitter_id,
    decision.record_key,
    'work_list_code' as field,
    coalesce(decision.work_list_code, decision.notification_type, 'blank') as value_seen,
    'decided_on ' || cast(decision.decided_on as string) as evidence
from {{ ref('core__notification_decision') }} as decision
cross join {{ ref('stg_run__parameters') }} as run
left join {{ ref('core__location') }} as location
    on case when decision.location_id is null then decision.sender_id end = location.sender_id
left join {{ ref('cqc_notifications__decision_use') }} as used on decision.record_key = used.record_key
where used.record_key is null and decision.decided_on <= run.as_at_date
