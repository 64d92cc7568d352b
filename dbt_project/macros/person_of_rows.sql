{#- The person of a group of rows: that of the least record key. The least person key would be a matter of chance. -#}
{% macro person_of_rows(rows='') -%}
{%- set of = rows ~ '.' if rows else '' -%}
min_by({{ of }}person_key, case when {{ of }}person_key is not null then {{ of }}person_record_key end)
{%- endmacro %}
