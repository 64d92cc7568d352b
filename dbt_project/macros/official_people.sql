{#- How the latest details of a person are chosen: value, and how far from known it is (0 = known). -#}
{% macro person_attributes() %}
    {%- set unknown = "'unknown', 'invalid and not mapped'" -%}
    {{- return({
        'accommodation_status': {
            'value': "case when " ~ same_text('accommodation_status_cleaned') ~ " = 'invalid and not mapped'"
                ~ " then 'Unknown' else coalesce(accommodation_status_cleaned, 'Unknown') end",
            'distance': "case when coalesce(" ~ same_text('accommodation_status_cleaned') ~ ", 'unknown') in ("
                ~ unknown ~ ") then 1 else 0 end",
            'conflict': 'Unknown',
        },
        'employment_status': {
            'value': "coalesce(employment_status_cleaned, 'Invalid and not mapped')",
            'distance': "case when coalesce(" ~ same_text('employment_status_cleaned') ~ ", 'unknown') in ("
                ~ unknown ~ ") then 1 else 0 end",
            'conflict': 'Unknown',
        },
        'gender': {
            'value': "case when " ~ same_text('gender_cleaned') ~ " = 'invalid and not mapped'"
                ~ " then 'Unknown' else coalesce(gender_cleaned, 'Unknown') end",
            'distance': "case when coalesce(" ~ same_text('gender_cleaned') ~ ", 'unknown') in ("
                ~ unknown ~ ") then 1 else 0 end",
            'conflict': 'Unknown',
        },
        'ethnicity': {
            'value': "case when " ~ same_text('ethnicity_cleaned') ~ " = 'invalid and not mapped'"
                ~ " then 'No data: Undeclared or not known'"
                ~ " else coalesce(ethnicity_cleaned, 'No data: Undeclared or not known') end",
            'distance': "case coalesce(" ~ same_text('ethnicity_cleaned') ~ ", 'invalid and not mapped')"
                ~ " when 'invalid and not mapped' then 2 when 'no data: undeclared or not known' then 2"
                ~ " when 'no data: refused' then 1 else 0 end",
            'conflict': 'No data: Undeclared or not known',
        },
        'client_funding_status': {
            'value': "case when " ~ is_label('client_funding_status_cleaned', funding_known())
                ~ " then client_funding_status_cleaned else 'Unknown' end",
            'distance': "case when " ~ is_label('client_funding_status_cleaned', funding_known())
                ~ " then 0 else 1 end",
            'conflict': 'Unknown',
        },
        'has_unpaid_carer': {
            'value': "case when " ~ same_text('has_unpaid_carer_cleaned') ~ " = 'invalid and not mapped'"
                ~ " then 'Unknown' else coalesce(has_unpaid_carer_cleaned, 'Unknown') end",
            'distance': "case when coalesce(" ~ same_text('has_unpaid_carer_cleaned') ~ ", 'unknown') in ("
                ~ unknown ~ ") then 1 else 0 end",
            'conflict': 'Unknown',
        },
        'primary_support_reason': {
            'value': "case when " ~ same_text('primary_support_reason_cleaned') ~ " = 'invalid and not mapped'"
                ~ " then 'Unknown' else coalesce(primary_support_reason_cleaned, 'Unknown') end",
            'distance': "case when coalesce(" ~ same_text('primary_support_reason_cleaned') ~ ", 'unknown') in ("
                ~ unknown ~ ", 'social support: support to unpaid carer') then 1 else 0 end",
            'conflict': 'Unknown',
        },
    }) -}}
{% endmacro %}

{% macro funding_known() %}
    {{- return([
        'Fully social care funded', 'Joint client and social care funded', 'Fully client funded',
    ]) -}}
{% endmacro %}
