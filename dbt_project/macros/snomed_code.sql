{#- The concept id in a coding, however the sending system writes it: alone, after its system, or before its term. -#}
{% macro snomed_code(column) -%}
    nullif(regexp_extract({{ column }}, '(?:^|[^0-9.])([0-9]{6,18})(?:$|[^0-9.])', 1), '')
{%- endmacro %}
