with written as (
    select
        *,
        lower(trim(application_status)) as status
    from {{ ref('core__deprivation_of_liberty_version') }}
),

judged as (
    select
        written.*,
        case
            when pending.code is not null then 'pending'
            when outcome.code_set is not null then replace(outcome.code_set, 'liberty_outcome.', '')
            when written.status is null and written.authorised_from is not null then 'granted'
            when written.status is null then 'pending'
            else 'not_known'
        end as outcome,
        coalesce(
            written.authorised_from,
            min(written.authorised_from) over (partition by written.record_key, written.application_date)
        ) as begins_on
    from written
    left join {{ ref('cqc_notifications__code') }} as pending
        on pending.code_set = 'liberty_pending' and written.status = pending.code
    left join {{ ref('cqc_notifications__code') }} as outcome
        on outcome.code_set like 'liberty_outcome.%' and written.status = outcome.code
)

select
    record_key,
    outcome,
    application_date,
    case outcome when 'granted' then begins_on end as authorised_from,
    coalesce(case outcome when 'granted' then begins_on end, application_date) as begins_on,
    min(sender_id) as sender_id,
    min(person_record_key) as person_record_key,
    {{ person_of_rows() }} as person_key,
    min(location_id) as recorded_location,
    min(application_status) as status_written,
    max(case when outcome = 'granted' then authorised_to end) as authorised_to,
    min(known_on) as known_on,
    max(case when is_newest then 1 else 0 end) = 1 as still_recorded
from judged
group by record_key, outcome, application_date, case outcome when 'granted' then begins_on end
