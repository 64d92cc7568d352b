{%- set digits = range(10) -%}
with digit as (
    {%- for digit in digits %}
    select {{ digit }} as n{{ ' union all' if not loop.last }}
    {%- endfor %}
)

select ones.n + 10 * tens.n + 100 * hundreds.n as n
from digit as ones
cross join digit as tens
cross join digit as hundreds
