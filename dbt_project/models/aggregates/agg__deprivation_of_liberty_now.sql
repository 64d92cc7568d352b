-- A record that names no location belongs to the one location where its person has an open service.
with only_location as (
    select
        person_key,
        min(location_id) as location_id
    from {{ ref('agg__person_supported_now') }}
    where is_supported
    group by person_key
    having count(*) = 1
),

judged as (
    select
        record.event_key,
        record.record_key,
        record.person_key,
        coalesce(record.location_id, only_location.location_id) as location_id,
        record.application_date,
        record.application_status,
        record.authorised_from,
        record.authorised_to,
        case
            when coalesce(record.application_status, 'Authorised') = 'Authorised'
                then
                    case
                        when record.authorised_from is null then 'no_start_date'
                        when record.authorised_from > run.as_at_date then 'not_started'
                        when record.authorised_to <= run.as_at_date then 'ended'
                        else 'in_force'
                    end
            when record.application_status = 'Requested' and record.application_date > run.as_at_date
                then 'not_applied_yet'
            when record.application_status = 'Requested' then 'awaiting_outcome'
            else 'status_not_known'
        end as state
    from {{ ref('core__deprivation_of_liberty') }} as record
    cross join {{ ref('stg_run__parameters') }} as run
    left join only_location on record.person_key = only_location.person_key
)

select
    judged.event_key,
    judged.record_key,
    judged.person_key,
    judged.location_id,
    judged.application_date,
    judged.application_status,
    judged.authorised_from,
    judged.authorised_to,
    judged.state,
    coalesce(supported.is_counted, false) as person_is_counted,
    'application_status ' || coalesce(judged.application_status, 'not recorded')
    || ', application_date ' || coalesce(cast(judged.application_date as string), 'not recorded')
    || ', authorised from ' || coalesce(cast(judged.authorised_from as string), 'not recorded')
    || ' to ' || coalesce(cast(judged.authorised_to as string), 'not recorded') as evidence
from judged
left join {{ ref('agg__person_supported_now') }} as supported
    on judged.person_key = supported.person_key and judged.location_id = supported.location_id
