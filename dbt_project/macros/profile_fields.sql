{#- The columns of every class of the extract profile whose records have versions, from the warehouse itself; none while dbt only parses. -#}
{% macro profile_fields() -%}
    {%- set classes = {} -%}
    {%- if execute -%}
        {%- set found -%}
            select record_class, field, type, code_list
            from {{ source('raw', 'profile_column') }}
            where
                field not in ('record_uid', 'version_number')
                and record_class in (
                    select record_class from {{ source('raw', 'profile_column') }} where field = 'record_uid'
                )
            order by record_class asc nulls last, position asc nulls last
        {%- endset -%}
        {%- for row in run_query(found).rows -%}
            {%- do classes.setdefault(row[0], []).append({'name': row[1], 'type': row[2], 'code_list': row[3]}) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(classes) }}
{%- endmacro %}

{#- The codes of each code list that say the answer is not known, in lower case; under `*` those of any field. -#}
{% macro not_known_codes() -%}
    {%- set lists = {} -%}
    {%- if execute -%}
        {%- set found -%}
            select code_list, lower(code) from {{ source('raw', 'not_known_code') }}
            order by code_list asc nulls last, code asc nulls last
        {%- endset -%}
        {%- for row in run_query(found).rows -%}
            {%- do lists.setdefault(row[0], []).append(row[1]) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(lists) }}
{%- endmacro %}
