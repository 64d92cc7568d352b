{#- The tail of a measure by group: every group that is wanted, with its sums of `grouped` and its percentage; an empty
    group counts nobody. `agree` says what makes a row of `grouped` one of the group, besides period and council. -#}
{% macro group_rates(wanted, agree) -%}
added as (
    select
        wanted.period_id,
        wanted.reporting_period,
        wanted.la_code,
        wanted.la_name,
        wanted.measure,
        wanted.description,
        wanted.age_or_sex_group,
        cast(coalesce(sum(grouped.numerator), 0) as bigint) as numerator,
        cast(coalesce(sum(grouped.denominator), 0) as bigint) as denominator
    from {{ ref(wanted) }} as wanted
    left join grouped
        on
            wanted.period_id = grouped.period_id
            and wanted.la_code = grouped.submitter_id
            and {{ agree | join(' and ') }}
    group by
        wanted.period_id, wanted.reporting_period, wanted.la_code, wanted.la_name, wanted.measure,
        wanted.description, wanted.age_or_sex_group
)

select
    period_id,
    reporting_period,
    la_code,
    la_name,
    measure,
    description,
    age_or_sex_group,
    numerator,
    denominator,
    coalesce({{ rate('numerator', 'denominator', 100, 1) }}, 0) as outcome
from added
{%- endmacro %}
