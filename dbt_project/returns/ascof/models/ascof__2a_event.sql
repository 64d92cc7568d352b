-- Outcomes that cannot be a sequel rank after every usable one; none and unlisted ones rank last.
select
    event.la_code,
    event.la_name,
    event.la_name_key,
    event.person_key,
    event.der_unique_record_id,
    event.measured_type,
    event.event_start_date,
    event.event_end_date,
    event.service_type,
    event.service_component,
    coalesce(event.event_outcome, 'invalid and not mapped') as event_outcome,
    coalesce(
        event.event_outcome_hierarchy
        + case when unusable.label_key is not null then run.unusable_outcome_penalty else 0 end,
        999
    ) as outcome_rank,
    coalesce(event.event_outcome_hierarchy < run.unusable_outcome_penalty and unusable.label_key is null, false)
        as is_usable
from {{ ref('ascof__event') }} as event
cross join {{ ref('stg_cld__method_run') }} as run
left join {{ ref('stg_cld__method_list') }} as unusable
    on unusable.list = 'outcome_2a' and unusable.flag = 'U' and event.event_outcome = unusable.label_key
where event.client_type = 'service user' and event.ends_after_start
