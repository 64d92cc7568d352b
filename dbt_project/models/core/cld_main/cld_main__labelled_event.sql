{{ config(materialized='view') }}

{%- set labelled = labelled_fields() %}
with labelled as (
    select
        event.*,
        case
            when run.text_null_is_null and {{ same_text('event.event_type') }} = 'null' then null
            else event.event_type
        end as event_type_raw,
        event_type.event_type_cleaned,
        event_type.measured_type,
        event_type.looks_like_review,
        run.event_type_source,
        {%- for field in labelled %}
        label_{{ field }}.label as {{ field }}_cleaned,
        {%- endfor %}
        group_ethnicity.label as ethnicity_grouped,
        group_event_outcome.label as event_outcome_grouped,
        group_service_type.label as service_type_grouped
    from {{ ref('cld_main__event') }} as event
    cross join {{ ref('stg_cld__method_run') }} as run
    inner join {{ ref('cld_main__event_type') }} as event_type on event.event_type = event_type.event_type
    {%- for field in labelled %}
    left join {{ ref('cld_main__label') }} as label_{{ field }}
        on label_{{ field }}.kind = 'label' and event.{{ field }}_label = label_{{ field }}.label_id
    {%- endfor %}
    {%- for field in ['ethnicity', 'event_outcome', 'service_type'] %}
    left join {{ ref('cld_main__label') }} as group_{{ field }}
        on group_{{ field }}.kind = 'group' and event.{{ field }}_group = group_{{ field }}.label_id
    {%- endfor %}
)

select
    *,
    {{ age_band_of('der_latest_age') }} as der_age_band,
    {{ working_age_band_of('der_latest_age') }} as der_working_age_band,
    {{ review_type_of() }} as review_type
from labelled
