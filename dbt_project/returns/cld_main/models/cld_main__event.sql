{%- set labelled = [
    'client_type', 'gender', 'primary_support_reason', 'accommodation_status', 'employment_status',
    'client_funding_status', 'has_unpaid_carer', 'request_route_of_access', 'assessment_type', 'service_component',
    'delivery_mechanism', 'review_reason', 'ethnicity', 'event_outcome', 'service_type',
] -%}
with labelled as (
    select
        kept.*,
        submitted.la_code,
        submitted.la_name,
        submitted.importdate as import_time,
        submitted.la_person_unique_identifier,
        case
            when run.text_null_is_null and {{ same_text('submitted.event_type') }} = 'null' then null
            else submitted.event_type
        end as event_type_raw,
        event_type.event_type_cleaned,
        event_type.measured_type,
        event_type.waiting_type,
        event_type.looks_like_review,
        event_type.is_service,
        event_type.is_other_type,
        run.event_type_source,
        submitted.event_start_date,
        submitted.event_end_date as event_end_date_raw,
        submitted.date_of_death as date_of_death_submitted,
        submitted.der_birth_year,
        submitted.der_birth_month,
        submitted.der_conversation,
        submitted.der_age_event_start_date,
        {%- for field in ['adult_1_linked_person_id', 'adult_2_linked_person_id', 'adult_3_linked_person_id'] %}
        {{ submitted_key('submitted.' ~ field) }} as {{ field }}_key,
        {%- endfor %}
        {%- for field in labelled %}
        map_{{ field }}.cleaned as {{ field }}_cleaned,
        {%- endfor %}
        map_ethnicity.grouped as ethnicity_grouped,
        map_event_outcome.grouped as event_outcome_grouped,
        map_service_type.grouped as service_type_grouped,
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
    cross join {{ ref('stg_cld__method_run') }} as run
    inner join {{ ref('stg_cld__submission_row') }} as submitted
        on kept.der_unique_record_id = submitted.der_unique_record_id
    inner join {{ ref('cld_main__event_type') }} as event_type on submitted.event_type = event_type.event_type
    {% for field in labelled -%}
    {{ label_join(field) }}
    {% endfor -%}
    left join {{ ref('stg_cld__outcome_rank') }} as outcome_rank
        on {{ same_text('map_event_outcome.cleaned') }} = outcome_rank.outcome_key
)

select
    *,
    {{ age_band_of('der_latest_age') }} as der_age_band,
    {{ working_age_band_of('der_latest_age') }} as der_working_age_band,
    {{ review_type_of() }} as review_type
from labelled
