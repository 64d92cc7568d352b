{#- Minutes from one moment to another, parts of a minute included. -#}
{% macro minutes_between(earlier, later) -%}
    {{ return(adapter.dispatch('minutes_between')(earlier, later)) }}
{%- endmacro %}
{% macro default__minutes_between(earlier, later) -%} ((epoch({{ later }}) - epoch({{ earlier }})) / 60.0) {%- endmacro %}
{% macro spark__minutes_between(earlier, later) -%}
    ((unix_timestamp({{ later }}) - unix_timestamp({{ earlier }})) / 60.0)
{%- endmacro %}
