with afterwards as (
    select cast(max(from_code) as integer) as days
    from {{ ref('cqc_notifications__code') }}
    where code_set = 'death_after_care'
),

died_there as (
    select
        person_key,
        location_id,
        min(record_key) as record_key
    from {{ ref('core__death_report') }}
    where report_kind = 'discharge' and person_key is not null and location_id is not null
    group by person_key, location_id
),

judged as (
    select
        services.*,
        case
            when ended_on is null or ended_on >= judged_on then 'in_care'
            when {{ days_between('ended_on', 'judged_on') }} <= afterwards.days then 'soon_after_care'
            else 'long_after_care'
        end as state
    from {{ ref('cqc_notifications__care_before_death') }} as services
    cross join afterwards
),

by_location as (
    select
        person_key,
        location_id,
        min(sender_id) as sender_id,
        min(record_key) as service_record_key,
        max(case when state = 'in_care' then 1 else 0 end) as in_care,
        max(case when state = 'soon_after_care' then 1 else 0 end) as soon_after_care,
        max(case when state = 'in_care' and in_regulated_home then 1 else 0 end) as in_home
    from judged
    group by person_key, location_id
    union all
    -- A death that any return counts where the person was supported is on the list, whatever is said above.
    select
        person_key,
        location_id,
        cast(null as string) as sender_id,
        record_key as service_record_key,
        1 as in_care,
        0 as soon_after_care,
        0 as in_home
    from {{ ref('agg__death') }}
    where was_supported
    union all
    select
        died_there.person_key,
        died_there.location_id,
        report.sender_id,
        report.record_key as service_record_key,
        1 as in_care,
        0 as soon_after_care,
        1 as in_home
    from died_there
    inner join {{ ref('core__death_report') }} as report
        on died_there.record_key = report.record_key and report.report_kind = 'discharge'
)

select
    person_key,
    location_id,
    min(sender_id) as sender_id,
    min(service_record_key) as service_record_key,
    case
        when max(in_home) = 1 then 'to_notify'
        when max(in_care) = 1 or max(soon_after_care) = 1 then 'to_decide'
        else 'excluded'
    end as certainty,
    case when max(in_care) = 1 then 'in care there' when max(soon_after_care) = 1 then 'care there had just ended'
        else 'care there had ended' end as standing
from by_location
group by person_key, location_id
