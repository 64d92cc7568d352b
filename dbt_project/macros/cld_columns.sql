{#- The columns of the council's classes by what they are, for the models that treat whole groups alike. -#}

{#- Coded columns about the person, in the order of the file. -#}
{% macro cld_person_codes() %}
    {{- return([
        'gender', 'ethnicity', 'client_type', 'primary_support_reason', 'accommodation_status', 'employment_status',
        'has_unpaid_carer', 'autism_spectrum_disorder_asd', 'visual_impairment', 'hearing_impairment', 'dementia',
        'client_funding_status',
    ]) -}}
{% endmacro %}

{#- Columns that are the person's, not the event's: the file takes them from the newest record of the person. -#}
{% macro cld_newest_person_columns() %}
    {{- return([
        'gp_practice_name', 'gp_practice_code', 'gender', 'ethnicity', 'accommodation_status', 'employment_status',
        'has_unpaid_carer', 'autism_spectrum_disorder_asd', 'visual_impairment', 'hearing_impairment', 'dementia',
    ]) -}}
{% endmacro %}

{#- Columns whose values never leave the restricted staging model; other models know only whether they are filled. -#}
{% macro cld_restricted_columns() %}
    {{- return(['first_name', 'last_name', 'postcode', 'date_of_birth']) -}}
{% endmacro %}

{#- The coded columns of each event class alone. -#}
{% macro cld_event_codes() %}
    {{- return({
        'cld_request': ['request_route_of_access'],
        'cld_assessment': ['assessment_type', 'eligible_needs_identified', 'method_of_assessment'],
        'cld_service': ['service_type', 'service_component', 'delivery_mechanism'],
        'cld_review': ['review_reason', 'review_outcomes_achieved', 'method_of_review'],
    }) -}}
{% endmacro %}

{#- The columns of each event class alone that no list governs. -#}
{% macro cld_event_texts() %}
    {{- return({'cld_service': ['provider_cqc_location_name', 'provider_cqc_location_id']}) -}}
{% endmacro %}
