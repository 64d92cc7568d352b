-- People are counted once per group and age before councils without any are brought in.
with counted as (
    select
        period_id,
        submitter_id,
        description,
        age_band,
        cast(sum(case when role = 'numerator' then 1 else 0 end) as bigint) as numerator,
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

{{ group_rates('ascof__3d_group', [
    'wanted.description = grouped.description',
    'wanted.age_or_sex_group = grouped.age_or_sex_group',
]) }}
