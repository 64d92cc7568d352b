{{ config(materialized='view') }}

-- A request that nobody has answered yet falls in no quarter and no age band, so in no cell.
select
    return_id,
    submitter_id,
    measure,
    cast(statistical_reporting_period_start as varchar(10)) as period_id,
    person_key,
    event_key,
    record_key,
    role,
    reason,
    evidence,
    quantity,
    case
        when age_band in ('25 to 64', '65 and above') and statistical_reporting_period_start is not null
            then {{ official_cell_id(
                waiting_item('measure'), 'age_band', 'submitter_id',
                'cast(statistical_reporting_period_start as varchar(10))'
            ) }}
    end as cell_id
from {{ ref('mbr_waiting_times__wait') }}
