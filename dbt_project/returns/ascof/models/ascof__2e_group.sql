-- The official tables list each council with each group that occurs anywhere in the period.
with counted as (
    select distinct
        period_id,
        reporting_period,
        measure,
        {{ same_text('gender') }} as gender_key
    from {{ ref('mbr_ascof__2e') }}
    where role in ('numerator', 'denominator')
),

group_name as (
    select
        period_id,
        reporting_period,
        measure,
        'Male' as name
    from counted
    where gender_key = 'male'
    union all
    select
        period_id,
        reporting_period,
        measure,
        'Female' as name
    from counted
    where gender_key = 'female'
    union all
    select distinct
        period_id,
        reporting_period,
        measure,
        'Total' as name
    from counted
),

band as (
    select
        '18 to 64' as age_band,
        '18-64' as wording
    union all
    select
        '65 and above' as age_band,
        '65+' as wording
)

select
    group_name.period_id,
    group_name.reporting_period,
    council.la_code,
    council.la_name,
    group_name.measure,
    band.age_band,
    concat(
        'The proportion of people aged ', band.wording,
        ' who receive long-term support who live in their home or with family (%)'
    ) as description,
    group_name.name as age_or_sex_group
from {{ ref('stg_cld__council') }} as council
cross join group_name
inner join band on group_name.measure = 'ASCOF 2E' or band.age_band = '18 to 64'
