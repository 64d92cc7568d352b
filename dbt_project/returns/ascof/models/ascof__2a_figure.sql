-- Bands do not add up to Total: episodes at an unknown age are in Total only.
with member as (
    select
        period_id,
        submitter_id,
        age_band,
        cast(sum(case when role = 'numerator' then 1 else 0 end) as bigint) as numerator,
        cast(sum(case when role in ('numerator', 'denominator') then 1 else 0 end) as bigint) as denominator
    from {{ ref('mbr_ascof__2a') }}
    group by period_id, submitter_id, age_band
),

age_group as (
    select '18 to 64' as group_name
    union all
    select '65 and above'
    union all
    select 'Total'
)

select
    period.period_id,
    period.reporting_period,
    council.la_code,
    council.la_name,
    'ASCOF 2A' as measure,
    cast(null as varchar(300)) as description,
    age_group.group_name as age_or_sex_group,
    coalesce(cast(sum(member.numerator) as bigint), 0) as numerator,
    coalesce(cast(sum(member.denominator) as bigint), 0) as denominator,
    coalesce({{ rate('sum(member.numerator)', 'sum(member.denominator)', 100, 1) }}, 0) as outcome
from {{ ref('stg_cld__council_2a') }} as council
cross join age_group
inner join {{ ref('stg_cld__method_period') }} as period on period.family = 'year'
left join member
    on
        period.period_id = member.period_id
        and council.la_code = member.submitter_id
        and (age_group.group_name = 'Total' or age_group.group_name = member.age_band)
group by period.period_id, period.reporting_period, council.la_code, council.la_name, age_group.group_name
