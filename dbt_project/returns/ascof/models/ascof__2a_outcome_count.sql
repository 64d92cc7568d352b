select
    period_id,
    reporting_period,
    la_code,
    la_name,
    age_band,
    sequel_type,
    min(final_outcome) as final_outcome,
    case when in_denominator then 'Y' else 'N' end as included_in_denom,
    case when in_numerator then 'Y' else 'N' end as included_in_num,
    case when is_unable_to_classify then 'Y' else 'N' end as incl_in_unable_to_classify,
    count(*) as st_max_count
from {{ ref('ascof__2a_episode') }}
where is_counted
group by
    period_id, reporting_period, la_code, la_name, age_band, sequel_type, {{ same_text('final_outcome') }},
    in_denominator, in_numerator, is_unable_to_classify
