select
    period_id,
    reporting_period,
    la_code,
    la_name,
    measure,
    description,
    age_or_sex_group,
    coalesce(sum(numerator), 0) as numerator,
    coalesce(sum(denominator), 0) as denominator,
    coalesce({{ rate('sum(numerator)', 'sum(denominator)', 100, 1) }}, 0) as outcome
from {{ ref('ascof__2e_rls') }}
group by period_id, reporting_period, la_code, la_name, measure, description, age_or_sex_group
