select
    {{ same_text('event_outcome_spec') }} as outcome_key,
    min(event_outcome_spec) as outcome,
    min(event_outcome_hierarchy) as outcome_rank
from {{ source('cld_store', 'cld_outcome_rank') }}
where event_outcome_spec is not null
group by {{ same_text('event_outcome_spec') }}
