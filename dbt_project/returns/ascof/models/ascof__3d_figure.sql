select
    period_id,
    reporting_period,
    la_code,
    la_name,
    measure,
    description,
    age_or_sex_group,
    sum(numerator) as numerator,
    sum(denominator) as denominator,
    coalesce({{ rate('sum(numerator)', 'sum(denominator)', 100, 1) }}, 0) as outcome
from {{ ref('ascof__3d_rls') }}
group by period_id, reporting_period, la_code, la_name, measure, description, age_or_sex_group
