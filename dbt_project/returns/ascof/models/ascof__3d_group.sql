-- Every council with every description and group that occurs anywhere in the period.
with member as (
    select distinct
        period_id,
        reporting_period,
        measure,
        description,
        age_band
    from {{ ref('mbr_ascof__3d') }}
    where role in ('numerator', 'denominator')
),

group_name as (
    select distinct
        period_id,
        age_band as name
    from member
    where age_band <> 'Unknown'
    union
    select distinct
        period_id,
        'Total' as name
    from member
),

description as (
    select distinct
        period_id,
        reporting_period,
        measure,
        description
    from member
)

select
    description.period_id,
    description.reporting_period,
    council.la_code,
    council.la_name,
    description.measure,
    description.description,
    group_name.name as age_or_sex_group
from {{ ref('stg_cld__council') }} as council
cross join description
inner join group_name on description.period_id = group_name.period_id
