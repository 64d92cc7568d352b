select
    event_key,
    notification_type,
    what,
    sender_id,
    record_key,
    person_key,
    location_id,
    event_date,
    known_on,
    certainty,
    excluded_for,
    outcome,
    code_set,
    begins_on,
    still_recorded,
    evidence
from {{ ref('cqc_notifications__death_event') }}

union all

select
    'incident:' || record_key || ':' || notification_type as event_key,
    notification_type,
    case notification_type when 'detained_death_or_absence' then 'absence' else 'incident' end as what,
    sender_id,
    record_key,
    person_key,
    recorded_location as location_id,
    event_date,
    known_on,
    'to_decide' as certainty,
    case
        when notification_type in ('uncoded', 'code_not_known', 'not_notifiable') then notification_type
        when
            notification_type = 'police'
            and max(
                case
                    when notification_type in ('serious_injury', 'abuse', 'detained_death_or_absence') then 1 else 0
                end
            )
                over (partition by record_key)
            = 1 then 'has_a_form_of_its_own'
    end as excluded_for,
    cast(null as string) as outcome,
    code_set,
    event_date as begins_on,
    still_recorded,
    'coded_value ' || coalesce(coded_value, 'not recorded') as evidence
from {{ ref('cqc_notifications__incident') }}

union all

select
    'problem:' || record_key as event_key,
    'serious_injury' as notification_type,
    'problem' as what,
    sender_id,
    record_key,
    person_key,
    cast(null as string) as location_id,
    onset_date as event_date,
    known_on,
    'to_decide' as certainty,
    excluded_for,
    cast(null as string) as outcome,
    code_set,
    onset_date as begins_on,
    still_recorded,
    'onset_date ' || coalesce(cast(onset_date as string), 'not recorded') as evidence
from {{ ref('cqc_notifications__injury_problem') }}

union all

select
    'liberty:' || record_key || ':' || outcome || ':' || coalesce(cast(begins_on as string), '') as event_key,
    'dols_outcome' as notification_type,
    'authorisation' as what,
    sender_id,
    record_key,
    person_key,
    recorded_location as location_id,
    authorised_from as event_date,
    known_on,
    case outcome when 'not_known' then 'to_decide' else 'to_notify' end as certainty,
    case outcome when 'pending' then 'no_outcome_yet' end as excluded_for,
    outcome,
    cast(null as string) as code_set,
    begins_on,
    still_recorded,
    'application_status ' || coalesce(status_written, 'not recorded') as evidence
from {{ ref('cqc_notifications__liberty') }}

union all

select
    'concern:' || record_key as event_key,
    'abuse' as notification_type,
    'concern' as what,
    min(sender_id) as sender_id,
    record_key,
    {{ person_of_rows() }} as person_key,
    cast(null as string) as location_id,
    coalesce(min(case when is_newest then concern_date end), min(concern_date)) as event_date,
    min(known_on) as known_on,
    'to_decide' as certainty,
    case when max(case when lower(safeguarding_indicator) = 'no' then 0 else 1 end) = 0 then 'no_concern' end
        as excluded_for,
    cast(null as string) as outcome,
    cast(null as string) as code_set,
    min(concern_date) as begins_on,
    max(case when is_newest and coalesce(lower(safeguarding_indicator), 'yes') <> 'no' then 1 else 0 end) = 1
        as still_recorded,
    'safeguarding concern raised' as evidence
from {{ ref('core__safeguarding_concern_version') }}
group by record_key
