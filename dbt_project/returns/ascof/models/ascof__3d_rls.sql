{{ config(materialized='view') }}

-- One row per list of local ids; a council without people keeps one row of zeros.
with member as (
    select
        period_id,
        submitter_id,
        description,
        age_band as age_or_sex_group,
        person_key,
        role,
        local_ids
    from {{ ref('mbr_ascof__3d') }}
    where role in ('numerator', 'denominator')
    union all
    select
        period_id,
        submitter_id,
        description,
        'Total' as age_or_sex_group,
        person_key,
        role,
        local_ids
    from {{ ref('mbr_ascof__3d') }}
    where role in ('numerator', 'denominator')
)

select
    wanted.period_id,
    wanted.reporting_period,
    wanted.la_code,
    wanted.la_name,
    min(member.local_ids) as la_person_unique_identifier,
    wanted.measure,
    wanted.description,
    wanted.age_or_sex_group,
    count(distinct case when member.role = 'numerator' then member.person_key end) as numerator,
    count(distinct member.person_key) as denominator
from {{ ref('ascof__3d_group') }} as wanted
left join member
    on
        wanted.period_id = member.period_id
        and wanted.la_code = member.submitter_id
        and wanted.description = member.description
        and wanted.age_or_sex_group = member.age_or_sex_group
group by
    wanted.period_id, wanted.reporting_period, wanted.la_code, wanted.la_name, wanted.measure, wanted.description,
    wanted.age_or_sex_group, {{ same_text('member.local_ids') }}
