{%- for measure in ['2a', '2b2c', '2e', '3d'] %}
select
    period_id,
    reporting_period,
    la_code,
    la_name,
    measure,
    description,
    age_or_sex_group,
    cast(numerator as bigint) as numerator,
    cast(denominator as bigint) as denominator,
    cast(outcome as double) as outcome
from {{ ref('ascof__' ~ measure ~ '_figure') }}
{{ 'union all' if not loop.last }}
{%- endfor %}
