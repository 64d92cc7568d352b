-- Who lives in the home now, and what the records say of each of them since the open campaign began.
with asked as (
    select
        cell_id,
        value_set,
        label,
        began_on
    from {{ ref('core__campaign') }}
    where return_id = 'capacity_tracker' and state = 'open' and cell_id in ('residents_flu', 'residents_covid')
),

residents as (
    select
        person.location_id,
        person.person_key,
        person.record_key as service_key,
        location.care_setting
    from {{ ref('agg__person_supported_now') }} as person
    inner join {{ ref('agg__location_registered_now') }} as location on person.location_id = location.location_id
    where person.is_counted and location.care_setting = 'care_home'
),

-- A home answers from what its own senders recorded.
doses as (
    select
        asked.cell_id,
        own.submitter_id as location_id,
        dose.person_key,
        dose.record_key,
        dose.vaccinated_on,
        dose.not_given,
        dose.is_flu,
        dose.is_covid
    from {{ ref('core__vaccination') }} as dose
    inner join {{ ref('core__submitter_sender') }} as own on dose.sender_id = own.sender_id
    cross join {{ ref('stg_run__parameters') }} as run
    cross join asked
    where
        (dose.vaccinated_on is null or dose.vaccinated_on between asked.began_on and run.as_at_date)
        -- What a dose is against may be not known; a dose known to be against the other says nothing here.
        and (
            (asked.value_set = 'vaccine_flu' and dose.is_flu)
            or (asked.value_set = 'vaccine_covid' and dose.is_covid)
            or (not dose.is_flu and not dose.is_covid and not dose.not_given)
        )
),

judged as (
    select
        residents.*,
        asked.cell_id,
        asked.label,
        doses.record_key as dose_key,
        doses.vaccinated_on,
        case
            when doses.record_key is null then 'no_vaccination_recorded'
            when not doses.is_flu and not doses.is_covid then 'vaccine_not_known'
            when doses.not_given then 'not_given'
            when doses.vaccinated_on is null then 'date_not_recorded'
            else 'given'
        end as finding
    from residents
    cross join asked
    left join doses
        on
            residents.person_key = doses.person_key
            and residents.location_id = doses.location_id
            and asked.cell_id = doses.cell_id
),

ranked as (
    select
        *,
        row_number() over (
            partition by cell_id, location_id, person_key
            order by
                case finding
                    when 'given' then 1
                    when 'date_not_recorded' then 2
                    when 'vaccine_not_known' then 3
                    when 'not_given' then 4
                    else 5
                end asc nulls last,
                vaccinated_on desc nulls last,
                dose_key asc nulls last
        ) as deciding
    from judged
)

select
    'capacity_tracker' as return_id,
    location_id as submitter_id,
    'vaccination' as measure,
    cell_id,
    person_key,
    coalesce(dose_key, service_key) as event_key,
    coalesce(dose_key, service_key) as record_key,
    case when finding = 'given' then 'numerator' else 'population' end as role,
    case when finding <> 'given' then finding end as reason,
    label || coalesce(', date ' || cast(vaccinated_on as string), '') as evidence,
    cast(case when finding = 'given' then 1 else 0 end as decimal(18, 4)) as quantity,
    care_setting
from ranked
where deciding = 1
