{#- Each known error of the official code is a switch of the method. A variant is the method with one of them right. -#}
{%- set right = {
    'blank_component_2b2c': 'true',
    'count_local_ids_2b2c': 'false',
    'settled_needs_local_id_2e': 'false',
    'blank_component_3d_carers': 'true',
} -%}
select
    {%- for switch in right %}
    {{ switch }},
    {%- endfor %}
    'official' as variant
from {{ ref('stg_cld__method_run') }}
{%- for name in right %}
union all
select
    {%- for switch, value in right.items() %}
    {{ value if switch == name else switch }} as {{ switch }},
    {%- endfor %}
    '{{ name }}' as variant
from {{ ref('stg_cld__method_run') }}
{%- endfor %}
