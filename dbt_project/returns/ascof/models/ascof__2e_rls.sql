{{ config(materialized='view') }}

-- One row per list of local ids; a null numerator says that nobody of the row is settled.
with member as (
    select
        period_id,
        submitter_id,
        measure,
        age_band,
        {{ same_text('gender') }} as group_key,
        person_key,
        role,
        local_ids
    from {{ ref('mbr_ascof__2e') }}
    where role in ('numerator', 'denominator') and {{ same_text('gender') }} <> 'total'
    union all
    select
        period_id,
        submitter_id,
        measure,
        age_band,
        'total' as group_key,
        person_key,
        role,
        local_ids
    from {{ ref('mbr_ascof__2e') }}
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
    nullif(count(distinct case when member.role = 'numerator' then member.person_key end), 0) as numerator,
    nullif(count(distinct member.person_key), 0) as denominator
from {{ ref('ascof__2e_group') }} as wanted
left join member
    on
        wanted.period_id = member.period_id
        and wanted.la_code = member.submitter_id
        and wanted.measure = member.measure
        and wanted.age_band = member.age_band
        and {{ same_text('wanted.age_or_sex_group') }} = member.group_key
group by
    wanted.period_id, wanted.reporting_period, wanted.la_code, wanted.la_name, wanted.measure, wanted.description,
    wanted.age_or_sex_group, {{ same_text('member.local_ids') }}
