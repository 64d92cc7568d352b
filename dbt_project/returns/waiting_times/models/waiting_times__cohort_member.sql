{{ config(materialized='view') }}

-- Every event behind the counts of the cohort: the requests, assessments and services put in order.
select
    'waiting_times' as return_id,
    event.la_code as submitter_id,
    'Cohort' as measure,
    cast(null as varchar(100)) as cell_id,
    event.person_key,
    concat(event.la_code, ':', cast(event.der_unique_record_id as varchar(40))) as event_key,
    cast(event.der_unique_record_id as varchar(40)) as record_key,
    'population' as role,
    cast(null as varchar(40)) as reason,
    concat(event.event_type, ' of ', cast(event.event_start_date as varchar(10))) as evidence,
    cast(1 as decimal(18, 4)) as quantity,
    event.event_type,
    event.age_band,
    cast(date_trunc('quarter', event.event_start_date) as date) as statistical_reporting_period_start
from {{ ref('waiting_times__event') }} as event
cross join {{ ref('stg_cld__method_run') }} as run
where event.event_start_date >= run.first_request_waiting
