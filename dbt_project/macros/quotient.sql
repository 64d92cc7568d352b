{#- One number over another to four places, a half upwards; null where there is nothing to divide by. The engines do
    not round a quotient alike (57 of 800 is 0.0712 in one and 0.0713 in another), so a whole number is reckoned with
    floor, which leaves nothing to round. For numbers from zero up. -#}
{% macro quotient(numerator, denominator) -%}
    cast(
        floor(
            (20000 * cast({{ numerator }} as double) + cast({{ denominator }} as double))
            / nullif(2 * cast({{ denominator }} as double), 0)
        ) / 10000 as decimal(18, 4)
    )
{%- endmacro %}
