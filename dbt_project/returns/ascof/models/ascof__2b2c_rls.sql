-- One row per council, band and local id; its denominator is the council's population.
select
    period.period_id,
    period.reporting_period,
    population.la_code,
    population.la_name,
    min(member.la_person_unique_identifier) as la_person_unique_identifier,
    case population.age_band when '18 to 64' then 'ASCOF 2B' else 'ASCOF 2C' end as measure,
    population.age_band as age_or_sex_group,
    count(distinct member.person_key) as numerator,
    min(population.population) as denominator
from {{ ref('ascof__2b2c_population') }} as population
inner join {{ ref('stg_cld__method_period') }} as period on period.family = 'year'
left join {{ ref('mbr_ascof__2b2c') }} as member
    on
        period.period_id = member.period_id
        and population.la_code = member.submitter_id
        and population.age_band = member.age_band
        and member.role = 'numerator'
group by
    period.period_id, period.reporting_period, population.la_code, population.la_name, population.age_band,
    member.local_id_key
