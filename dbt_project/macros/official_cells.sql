{#- A cell of the official figures is named <item>.<group>.<council>.<period>; cells.csv lists item and group. -#}
{% macro cell_slug(text) -%}
    replace(replace(replace(lower({{ text }}), ' ', '_'), '-', '_'), '+', '_and_above')
{%- endmacro %}

{% macro official_cell_id(item, breakdown, council, period) -%}
    cast(
        concat({{ item }}, '.', {{ cell_slug(breakdown) }}, '.', {{ council }}, '.', {{ period }}) as varchar(200)
    )
{%- endmacro %}

{#- 2E and 3D publish several questions under one name of measure; the wording tells them apart. -#}
{% macro official_item(measure, description) -%}
    case {{ measure }}
        when 'ASCOF 2A' then '2a'
        when 'ASCOF 2B' then '2b'
        when 'ASCOF 2C' then '2c'
        when 'ASCOF 2E LD' then '2e_ld'
        when 'ASCOF 2E' then case when {{ description }} like '%65+%' then '2e_65' else '2e_18_64' end
        else concat('3d_', substring({{ description }}, 1, 2))
    end
{%- endmacro %}

{#- What a client type adds to a group of 2D: nothing for all of them. -#}
{% macro client_group(slice, client_type) -%}
    case when {{ client_type }} = 'Total' then {{ slice }} else concat({{ slice }}, '.', {{ client_type }}) end
{%- endmacro %}

{% macro waiting_item(metric) -%}
    case {{ metric }} when 'Wait time to first response' then 'first_response' else 'first_service' end
{%- endmacro %}
