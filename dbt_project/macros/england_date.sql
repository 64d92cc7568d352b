{#- The calendar day in England of a moment that is kept in UTC: 23:30 UTC on 30 June is already 1 July. -#}
{% macro england_date(moment) -%}
    {{ adapter.dispatch('england_date')(moment) }}
{%- endmacro %}

{% macro default__england_date(moment) -%}
    cast(timezone('Europe/London', timezone('UTC', {{ moment }})) as date)
{%- endmacro %}

{% macro spark__england_date(moment) -%}
    cast(from_utc_timestamp({{ moment }}, 'Europe/London') as date)
{%- endmacro %}
