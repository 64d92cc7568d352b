{%- set parts = [
    ('Wait time to first response', 'response_start_date', 'response_age_band', 'part1_wait_time', 'no_response_yet'),
    ('Wait time to first service', 'service_start_date', 'service_age_band', 'part2_wait_time', 'no_service_yet'),
] -%}
{% for metric, start, band, wait, none_yet in parts %}
select
    'waiting_times' as return_id,
    la_code as submitter_id,
    '{{ metric }}' as measure,
    cast(null as varchar(100)) as cell_id,
    person_key,
    concat(la_code, ':', cast(request_record_id as varchar(40))) as event_key,
    cast(request_record_id as varchar(40)) as record_key,
    case
        when {{ wait }} is null or {{ band }} is null or {{ band }} not in ('25 to 64', '65 and above')
            then 'excluded'
        else 'population'
    end as role,
    case
        when overlaps_earlier_request = 1 then 'overlaps_earlier_request'
        when {{ wait }} is null then '{{ none_yet }}'
        when {{ band }} is null or {{ band }} not in ('25 to 64', '65 and above') then 'age_not_in_a_band'
    end as reason,
    concat(
        'requested ', cast(request_start_date as varchar(10)),
        case when {{ start }} is not null then concat(', answered ', cast({{ start }} as varchar(10))) else '' end
    ) as evidence,
    cast({{ wait }} as decimal(18, 4)) as quantity,
    la_name,
    {{ band }} as age_band,
    cast(date_trunc('quarter', {{ start }}) as date) as statistical_reporting_period_start,
    response_event_type,
    response_assessment_type,
    service_type
from {{ ref('waiting_times__request') }}
{{ 'union all' if not loop.last }}
{%- endfor %}
