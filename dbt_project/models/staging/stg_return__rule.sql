select
    return_id,
    rule_id,
    official_code,
    severity,
    scope,
    fields,
    message,
    next_step,
    threshold,
    model,
    population,
    evidence,
    cast(valid_from as date) as valid_from,
    cast(valid_to as date) as valid_to
from {{ source('raw', 'return_rule') }}
