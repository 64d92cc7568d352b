{#- How the latest details of a person are chosen, attribute by attribute. `unknown` are the labels that give way
    to any other; `reads_as` is what an unmapped or invalid label counts as; `conflict` is what several different
    latest values count as. -#}
{% macro person_attributes() %}
    {%- set plain = {'unknown': ['unknown', 'invalid and not mapped'], 'reads_as': 'Unknown', 'conflict': 'Unknown'} -%}
    {%- set undeclared = 'No data: Undeclared or not known' -%}
    {{- return({
        'accommodation_status': plain,
        'employment_status': {
            'unknown': ['unknown', 'invalid and not mapped'], 'reads_as': 'Invalid and not mapped',
            'conflict': 'Unknown',
        },
        'gender': plain,
        'ethnicity': {
            'unknown': ['no data: undeclared or not known', 'invalid and not mapped'],
            'nearly': 'no data: refused', 'reads_as': undeclared, 'conflict': undeclared,
        },
        'client_funding_status': {
            'known': [
                'fully social care funded', 'joint client and social care funded', 'fully client funded'
            ],
            'reads_as': 'Unknown', 'conflict': 'Unknown',
        },
        'has_unpaid_carer': plain,
        'primary_support_reason': {
            'unknown': ['unknown', 'invalid and not mapped', 'social support: support to unpaid carer'],
            'reads_as': 'Unknown', 'conflict': 'Unknown',
        },
    }) -}}
{% endmacro %}

{#- Days since 1970, for packing dates into numbers that sort like them. -#}
{% macro day_number(day) -%} cast({{ days_between("cast('1970-01-01' as date)", day) }} as bigint) {%- endmacro %}

{#- One number that sorts by distance from known, then by recency; its last five digits are the value. -#}
{% macro packed_value(name, sign='') -%}
    (cast({{ name }}_distance as bigint) * 1000000000 + recency) * 100000 + 50000 {{ sign or '+' }} {{ name }}_value
{%- endmacro %}
