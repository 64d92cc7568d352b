{#- Minutes from one moment to another, parts of a minute included. -#}
{% macro minutes_between(earlier, later) -%}
    {{ return(adapter.dispatch('minutes_between')(earlier, later)) }}
{%- endmacro %}
{% macro default__minutes_between(earlier, later) -%}
    (cast(epoch_us({{ later }}) - epoch_us({{ earlier }}) as double) / cast(60000000 as double))
{%- endmacro %}
{% macro spark__minutes_between(earlier, later) -%}
    (cast(unix_micros({{ later }}) - unix_micros({{ earlier }}) as double) / cast(60000000 as double))
{%- endmacro %}
