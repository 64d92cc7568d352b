{#- Each known error of the official code is a switch of the method. A variant is the method with one of them right. -#}
{%- set right = {
    'blank_component_2b2c': 'true',
    'count_local_ids_2b2c': 'false',
    'settled_needs_local_id_2e': 'false',
    'blank_component_3d_carers': 'true',
} -%}
select
    'official' as variant,
    {%- for switch in right %}
    {{ switch }}{{ ',' if not loop.last }}
    {%- endfor %}
from {{ ref('stg_cld__method_run') }}
{%- for name in right %}
union all
select
    '{{ name }}' as variant,
    {%- for switch, value in right.items() %}
    {{ value if switch == name else switch }} as {{ switch }}{{ ',' if not loop.last }}
    {%- endfor %}
from {{ ref('stg_cld__method_run') }}
{%- endfor %}
