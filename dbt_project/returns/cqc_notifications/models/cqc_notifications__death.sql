with told as (
    select
        person_key,
        min(known_on) as known_on,
        min(sender_id) as sender_id,
        min(record_key) as record_key,
        min(case when is_newest then death_date end) as newest_date,
        min(death_date) as any_date,
        max(case when is_newest then 1 else 0 end) as still_told
    from {{ ref('core__death_report') }}
    where person_key is not null
    group by person_key
)

select
    person.person_key,
    told.sender_id,
    told.record_key,
    coalesce(person.death_date, told.newest_date, told.any_date) as death_date,
    coalesce(told.known_on, run.as_at_date) as known_on,
    coalesce(person.death_date, told.newest_date, told.any_date, told.known_on, run.as_at_date) as judged_on,
    person.death_date is not null or told.still_told = 1 as still_recorded,
    case
        when person.death_date is not null
            then
                'death_date ' || cast(person.death_date as string)
                || case person.death_source when 'pds' then ' from PDS' else ' from a record' end
        when told.newest_date is not null then 'death_date ' || cast(told.newest_date as string) || ' from a record'
        when told.any_date is not null
            then 'death_date ' || cast(told.any_date as string) || ' in an earlier version of a record'
        else 'said to have died, no date'
    end as evidence
from {{ ref('core__person') }} as person
cross join {{ ref('stg_run__parameters') }} as run
left join told on person.person_key = told.person_key
where person.death_date is not null or told.person_key is not null
