-- People are counted once per group and sex before councils without any are brought in.
with counted as (
    select
        period_id,
        submitter_id,
        measure,
        age_band,
        {{ same_text('gender') }} as group_key,
        sum(case when role = 'numerator' then 1 else 0 end) as numerator,
        count(person_key) as denominator
    from {{ ref('mbr_ascof__2e') }}
    where role in ('numerator', 'denominator')
    group by period_id, submitter_id, measure, age_band, {{ same_text('gender') }}
),

grouped as (
    select
        period_id,
        submitter_id,
        measure,
        age_band,
        group_key,
        numerator,
        denominator
    from counted
    where group_key <> 'total'
    union all
    select
        period_id,
        submitter_id,
        measure,
        age_band,
        'total' as group_key,
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
    from {{ ref('ascof__2e_group') }} as wanted
    left join grouped
        on
            wanted.period_id = grouped.period_id
            and wanted.la_code = grouped.submitter_id
            and wanted.measure = grouped.measure
            and wanted.age_band = grouped.age_band
            and {{ same_text('wanted.age_or_sex_group') }} = grouped.group_key
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
