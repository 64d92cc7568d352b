{%- set restricted = cld_restricted_columns() -%}
{%- set newest = cld_newest_person_columns() -%}
{%- set carer_columns = [
    'total_hrs_caring_per_week', 'no_of_adults_being_cared_for', 'adult_1_linked_person_id', 'adult_2_linked_person_id',
    'adult_3_linked_person_id'
] -%}
{%- set own_columns = [
    'la_person_unique_identifier', 'client_type', 'primary_support_reason', 'client_funding_status'
] -%}
{%- set event_columns = [
    'event_type', 'event_reference', 'event_start_date', 'event_end_date', 'event_outcome', 'request_route_of_access',
    'assessment_type', 'eligible_needs_identified', 'method_of_assessment', 'service_type', 'service_component',
    'delivery_mechanism', 'provider_cqc_location_name', 'provider_cqc_location_id', 'review_reason',
    'review_outcomes_achieved', 'method_of_review'
] -%}
-- The rows of the file, all but the values that identify: of those only whether they are filled.
with numbered as (
    select person_key
    from {{ ref('stg_cld__numbered_person') }}
)

select
    record.submitter_id,
    record.record_key,
    record.person_key,
    coalesce(event.source_class, association.source_class) as source_class,
    coalesce(event.person_record_key, association.person_record_key) as person_record_key,
    coalesce(event.number_state, association.number_state) as number_state,
    known.newest_record_key,
    {{ age_at('person.birth_date', 'run.period_end') }} as age_at_period_end,
    event.event_status,
    council.la_code,
    run.period_start as reporting_period_start_date,
    run.period_end as reporting_period_end_date,
    numbered.person_key is not null as has_nhs_number,
    {%- for column in restricted %}
    coalesce(known.has_{{ column }}, false) as has_{{ column }},
    {%- endfor %}
    {%- for column in newest %}
    known.{{ column }},
    {%- endfor %}
    person.death_date as date_of_death,
    {%- for column in own_columns %}
    coalesce(event.{{ column }}, association.{{ column }}) as {{ column }},
    {%- endfor %}
    coalesce(event.has_event_description, false) as has_event_description,
    {%- for column in event_columns %}
    event.{{ column }},
    {%- endfor %}
    {%- for column in carer_columns %}
    coalesce(association.{{ column }}, carer.{{ column }}) as {{ column }},
    {%- endfor %}
    cost.unit_cost,
    cost.cost_frequency_unit_type,
    cost.planned_units_per_week
from {{ ref('agg__cld_record') }} as record
inner join {{ ref('core__council_submitter') }} as council
    on record.submitter_id = council.submitter_id
cross join {{ ref('stg_run__return') }} as run
left join {{ ref('core__council_event') }} as event
    on record.record_key = event.record_key
left join {{ ref('core__council_carer') }} as association
    on record.record_key = association.record_key
left join {{ ref('core__council_person') }} as known
    on
        record.submitter_id = known.submitter_id
        and record.person_key = known.person_key
left join {{ ref('core__person') }} as person
    on record.person_key = person.person_key
left join numbered
    on record.person_key = numbered.person_key
left join {{ ref('agg__cld_carer') }} as carer
    on
        record.submitter_id = carer.submitter_id
        and record.person_key = carer.person_key
        and lower(trim(record.client_type)) = carer.filled_client_type
left join {{ ref('agg__cld_cost') }} as cost
    on record.record_key = cost.service_record_key
where
    record.exclusion is null
    and run.return_id = 'cld'
