-- Every council with every description and group that occurs anywhere in the period.
with member as (
    select
        period_id,
        reporting_period,
        submitter_id,
        measure,
        description,
        local_ids,
        age_band as group_name,
        person_key,
        role
    from {{ ref('mbr_ascof__3d') }}
    where role in ('numerator', 'denominator') and age_band <> 'Unknown'
    union all
    select
        period_id,
        reporting_period,
        submitter_id,
        measure,
        description,
        local_ids,
        'Total' as group_name,
        person_key,
        role
    from {{ ref('mbr_ascof__3d') }}
    where role in ('numerator', 'denominator')
),

wanted as (
    select
        description.period_id,
        description.reporting_period,
        council.la_code,
        council.la_name,
        description.measure,
        description.description,
        group_name.group_name
    from {{ ref('stg_cld__council') }} as council
    cross join (select distinct period_id, reporting_period, measure, description from member) as description
    inner join (select distinct period_id, group_name from member) as group_name
        on description.period_id = group_name.period_id
)

select
    wanted.period_id,
    wanted.reporting_period,
    wanted.la_code,
    wanted.la_name,
    min(member.local_ids) as la_person_unique_identifier,
    wanted.measure,
    wanted.description,
    wanted.group_name as age_or_sex_group,
    count(distinct case when member.role = 'numerator' then member.person_key end) as numerator,
    count(distinct member.person_key) as denominator
from wanted
left join member
    on
        wanted.period_id = member.period_id
        and wanted.la_code = member.submitter_id
        and wanted.description = member.description
        and wanted.group_name = member.group_name
group by
    wanted.period_id, wanted.reporting_period, wanted.la_code, wanted.la_name, wanted.measure, wanted.description,
    wanted.group_name, {{ same_text('member.local_ids') }}
