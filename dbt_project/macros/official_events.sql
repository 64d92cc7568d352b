{#- The text of a submitted field before mapping: where the method says so, the text NULL is a null. -#}
{% macro submitted_key(column) -%}
    case
        when run.text_null_is_null then nullif({{ same_text(column) }}, 'null')
        else {{ same_text(column) }}
    end
{%- endmacro %}

{#- The official person: the traced number, else the submitted one, else council and local id. -#}
{% macro official_person_id(prefix='') -%}
    coalesce(
        {{ prefix }}der_nhs_number_traced_pseudo,
        {{ prefix }}der_nhs_number_pseudo,
        concat({{ prefix }}la_code, '_', {{ prefix }}la_person_unique_identifier)
    )
{%- endmacro %}

{#- Joins what is known of the spelling of one field to the submitted row. -#}
{% macro label_join(field, row='submitted') -%}
left join {{ ref('cld_main__spelling') }} as map_{{ field }}
    on map_{{ field }}.field = '{{ field }}' and {{ row }}.{{ field }} = map_{{ field }}.spelling
{%- endmacro %}

{% macro age_band_of(age) -%}
    case
        when {{ age }} < 18 then 'Under 18'
        when {{ age }} between 18 and 24 then '18 to 24'
        when {{ age }} between 25 and 44 then '25 to 44'
        when {{ age }} between 45 and 64 then '45 to 64'
        when {{ age }} between 65 and 74 then '65 to 74'
        when {{ age }} between 75 and 84 then '75 to 84'
        when {{ age }} between 85 and 94 then '85 to 94'
        when {{ age }} >= 95 then '95 and above'
        else 'Unknown'
    end
{%- endmacro %}

{% macro working_age_band_of(age) -%}
    case
        when {{ age }} < 18 then 'Under 18'
        when {{ age }} between 18 and 64 then '18 to 64'
        when {{ age }} >= 65 then '65 and above'
        else 'Unknown'
    end
{%- endmacro %}

{#- Person details and 2E count age 0 among the unknown ages. -#}
{% macro person_age_band_of(age) -%}
    case
        when {{ age }} between 1 and 17 then 'Under 18'
        when {{ age }} between 18 and 64 then '18 to 64'
        when {{ age }} >= 65 then '65 and above'
        else 'Unknown'
    end
{%- endmacro %}

{#- A row that is neither a review nor surely something else falls through to the unknown review type. -#}
{% macro review_type_of() -%}
    case
        when measured_type = 'review'
            then case
                when lower(review_reason_cleaned) like 'unplanned%' then 'Unplanned'
                when lower(review_reason_cleaned) like 'planned%' then 'Planned review of long term support'
                when {{ is_label('review_reason_cleaned', 'Review of short term support') }}
                    then 'Review of short term support'
                when review_reason_cleaned is null or {{ same_text('review_reason_cleaned') }} = '' then null
                else 'Review Type Unknown'
            end
        when event_type_source = 'raw' and not looks_like_review then null
        when event_type_source <> 'raw' and measured_type <> 'review' then null
        else 'Review Type Unknown'
    end
{%- endmacro %}

{#- The mapped fields that the main tables and the measures read. -#}
{% macro labelled_fields() %}
    {{- return([
        'client_type', 'gender', 'primary_support_reason', 'accommodation_status', 'employment_status',
        'client_funding_status', 'has_unpaid_carer', 'request_route_of_access', 'assessment_type',
        'service_component', 'delivery_mechanism', 'review_reason', 'ethnicity', 'event_outcome', 'service_type',
    ]) -}}
{% endmacro %}
