select
    period_id,
    reporting_period,
    la_code,
    la_name,
    measure,
    cast(null as varchar(300)) as description,
    age_or_sex_group,
    cast(sum(numerator) as bigint) as numerator,
    min(denominator) as denominator,
    coalesce({{ rate('sum(numerator)', 'min(denominator)', 100000, 1) }}, 0) as outcome
from {{ ref('ascof__2b2c_rls') }}
group by period_id, reporting_period, la_code, la_name, measure, age_or_sex_group
