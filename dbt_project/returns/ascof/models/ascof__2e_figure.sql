-- People are counted once per group and sex before councils without any are brought in.
with counted as (
    select
        period_id,
        submitter_id,
        measure,
        age_band,
        {{ same_text('gender') }} as group_key,
        cast(sum(case when role = 'numerator' then 1 else 0 end) as bigint) as numerator,
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

{{ group_rates('ascof__2e_group', [
    'wanted.measure = grouped.measure',
    'wanted.age_band = grouped.age_band',
    same_text('wanted.age_or_sex_group') ~ ' = grouped.group_key',
]) }}
