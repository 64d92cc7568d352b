{#- A layer's schema is its plain name; models inside return and product folders write to `returns`. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- if custom_schema_name is not none -%}
        {{ custom_schema_name | trim }}
    {%- elif node.original_file_path.startswith(('returns/', 'products/')) -%}
        returns
    {%- else -%}
        {{ target.schema }}
    {%- endif -%}
{%- endmacro %}
