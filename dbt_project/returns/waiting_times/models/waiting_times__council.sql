select
    submitter_id as la_code,
    min(la_name) as la_name,
    statistical_reporting_period_start,
    last_day({{ add_months('statistical_reporting_period_start', 2) }}) as statistical_reporting_period_end,
    age_band,
    measure as metric,
    {{ median_of('cast(quantity as double)') }} as median_waiting_time,
    count(*) as number_of_waiting_times_identified
from {{ ref('mbr_waiting_times__wait') }}
where role = 'population'
group by submitter_id, statistical_reporting_period_start, age_band, measure
