-- People are counted once per group and age before councils without any are brought in.
with counted as (
    select
        period_id,
        submitter_id,
        description,
        age_band,
        sum(case when role = 'numerator' then 1 else 0 end) as numerator,
        count(person_key) as denominator
    from {{ ref('mbr_ascof__3d') }}
    where role in ('numerator', 'denominator')
    group by period_id, submitter_id, description, age_band
),

grouped as (
    select
        period_id,
        submitter_id,
        description,
        age_band as age_or_sex_group,
        numerator,
        denominator
    from counted
    union all
    select
        period_id,
        submitter_id,
        description,
        'Total' as age_or_sex_group,
        numerator,
        denominator
    from counted
),

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
    from {{ ref('ascof__3d_group') }} as wanted
    left join grouped
        on
            wanted.period_id = grouped.period_id
            and wanted.la_code = grouped.submitter_id
            and wanted.description = grouped.description
            and wanted.age_or_sex_group = grouped.age_or_sex_group
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
