-- The last decision up to the day counts.
select
    event_code,
    decision,
    decided_on,
    cqc_reference
from (
    select
        *,
        row_number() over (
            partition by event_code order by decided_on desc nulls last, record_key desc nulls last
        ) as last_first
    from {{ ref('cqc_notifications__decision_use') }}
) as fitting
where last_first = 1
