select
    period.period_id,
    period.reporting_period,
    sequel.la_code,
    council.la_name,
    sequel.person_key,
    sequel.person_id,
    sequel.cluster_number,
    sequel.last_record_id,
    sequel.episode_start,
    sequel.episode_end,
    sequel.final_outcome,
    sequel.sequel_type,
    sequel.age_band,
    coalesce(outcome.flag in ('D', 'N'), false) as in_denominator,
    coalesce(outcome.flag = 'N', false) as in_numerator,
    coalesce(outcome.flag = 'U', false) as is_unable_to_classify,
    case
        when sequel.age < 18 then 'under_18'
        when sequel.death_date < sequel.episode_start then 'died_before_episode'
        when sequel.is_existing_client then 'existing_client'
    end as not_counted_because,
    not coalesce(sequel.age < 18, false)
    and not coalesce(sequel.death_date < sequel.episode_start, false)
    and not sequel.is_existing_client as is_counted
from {{ ref('ascof__2a_sequel') }} as sequel
inner join {{ ref('stg_cld__method_period') }} as period
    on period.family = 'year' and sequel.episode_end between period.period_start and period.period_end
left join {{ ref('stg_cld__council_2a') }} as council on sequel.la_code = council.la_code
left join {{ ref('stg_cld__method_list') }} as outcome
    on outcome.list = 'outcome_2a' and {{ same_text('sequel.final_outcome') }} = outcome.label_key
