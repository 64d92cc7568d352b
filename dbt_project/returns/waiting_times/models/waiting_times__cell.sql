{{ config(materialized='view') }}

select
    'waiting_times' as return_id,
    'waiting_times_la' as official_table,
    metric as measure,
    {{ waiting_item('metric') }} as item_id,
    cast(statistical_reporting_period_start as varchar(10)) as period_id,
    {{ period_text('statistical_reporting_period_start', 'statistical_reporting_period_end') }} as reporting_period,
    la_code as council,
    la_name as council_name,
    age_band as breakdown,
    cast(null as bigint) as numerator,
    cast(number_of_waiting_times_identified as bigint) as denominator,
    cast(median_waiting_time as decimal(18, 4)) as outcome,
    {{ official_cell_id(
        waiting_item('metric'), 'age_band', 'la_code', 'cast(statistical_reporting_period_start as varchar(10))'
    ) }} as cell_id
from {{ ref('waiting_times__council') }}
