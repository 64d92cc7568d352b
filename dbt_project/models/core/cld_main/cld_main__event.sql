{%- set labelled = labelled_fields() -%}
select
    kept.submission_set,
    kept.der_unique_record_id,
    submitted.la_code,
    submitted.la_name,
    submitted.importdate as import_time,
    kept.ref_period_start_date,
    kept.ref_period_end_date,
    {{ official_person_id('submitted.') }} as person_id,
    {{ same_text(official_person_id('submitted.')) }} as person_key,
    submitted.la_person_unique_identifier,
    submitted.event_type,
    submitted.event_start_date,
    submitted.event_end_date as event_end_date_raw,
    kept.der_event_end_date,
    kept.was_closed,
    submitted.date_of_death as date_of_death_submitted,
    kept.date_of_death_registered,
    kept.death_registered_on,
    kept.death_date,
    submitted.der_birth_year,
    submitted.der_birth_month,
    submitted.der_conversation,
    submitted.der_age_event_start_date,
    {%- for n in [1, 2, 3] %}
    submitted.adult_{{ n }}_linked_person_id,
    {%- endfor %}
    {%- for field in labelled %}
    map_{{ field }}.label_id as {{ field }}_label,
    {%- endfor %}
    {%- for field in ['ethnicity', 'event_outcome', 'service_type'] %}
    map_{{ field }}.group_id as {{ field }}_group,
    {%- endfor %}
    outcome_rank.outcome_rank as event_outcome_hierarchy,
    case
        when event_type.is_other_type
            then {{ official_age(
                birth_month_start('submitted.der_birth_year', 'submitted.der_birth_month'),
                'kept.der_event_end_date'
            ) }}
        when event_type.is_service
            then {{ official_age(
                birth_month_start('submitted.der_birth_year', 'submitted.der_birth_month'),
                'coalesce(kept.der_event_end_date, kept.ref_period_end_date)'
            ) }}
    end as der_latest_age
from {{ ref('cld_main__kept_record') }} as kept
inner join {{ ref('stg_cld__submission_row') }} as submitted
    on kept.der_unique_record_id = submitted.der_unique_record_id
inner join {{ ref('cld_main__event_type') }} as event_type on submitted.event_type = event_type.event_type
{% for field in labelled -%}
{{ label_join(field) }}
{% endfor -%}
left join {{ ref('stg_cld__outcome_rank') }} as outcome_rank
    on map_event_outcome.cleaned_key = outcome_rank.outcome_key
