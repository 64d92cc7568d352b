select
    wanted.period_id,
    wanted.reporting_period,
    wanted.la_code,
    wanted.la_name,
    wanted.measure,
    wanted.description,
    wanted.age_or_sex_group,
    sum(case when member.role = 'numerator' then 1 else 0 end) as numerator,
    count(member.person_key) as denominator,
    coalesce({{ rate("sum(case when member.role = 'numerator' then 1 else 0 end)", 'count(member.person_key)', 100, 1) }}, 0)
        as outcome
from {{ ref('ascof__2e_group') }} as wanted
left join {{ ref('mbr_ascof__2e') }} as member
    on
        wanted.period_id = member.period_id
        and wanted.la_code = member.submitter_id
        and wanted.measure = member.measure
        and wanted.age_band = member.age_band
        and (
            wanted.age_or_sex_group = 'Total'
            or {{ same_text('wanted.age_or_sex_group') }} = {{ same_text('member.gender') }}
        )
        and member.role in ('numerator', 'denominator')
group by
    wanted.period_id, wanted.reporting_period, wanted.la_code, wanted.la_name, wanted.measure, wanted.description,
    wanted.age_or_sex_group
