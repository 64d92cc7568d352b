{#- Age in whole years at a date. Someone born on 29 February is a year older from 1 March in other years. -#}
{% macro age_at(birth_date, at_date) -%}
    cast(
        year({{ at_date }}) - year({{ birth_date }})
        - case
            when month({{ at_date }}) * 100 + day({{ at_date }})
                < month({{ birth_date }}) * 100 + day({{ birth_date }}) then 1
            else 0
        end as bigint
    )
{%- endmacro %}
