select
    'capacity_tracker.unchanged' as rule_id,
    submitter_id,
    submitter_id as record_key,
    'figures' as field,
    cast(answers as string) || ' answers' as value_seen,
    'as in the packs of each of the ' || cast(months as string) || ' months before' as evidence
from {{ ref('capacity_tracker__months_before') }}
where is_unchanged
