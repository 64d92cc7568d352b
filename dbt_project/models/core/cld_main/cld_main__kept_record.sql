with ranked as (
    select
        event.submission_set,
        event.der_unique_record_id,
        event.ref_period_start_date,
        event.ref_period_end_date,
        event.date_of_death_registered,
        event.death_registered_on,
        event.death_date,
        event.event_key,
        coalesce(closed.closed_on, event.der_event_end_date) as der_event_end_date,
        closed.closed_on is not null as was_closed,
        cast(row_number() over (
            partition by event.submission_set, event.event_key, event.cost_key
            order by
                case when event.submission_set = 'joined' then event.ref_period_end_date end desc nulls last,
                coalesce(closed.closed_on, event.der_event_end_date, cast('9999-01-01' as date)) desc nulls last,
                event.outcome_rank asc nulls last,
                event.der_conversation desc nulls last,
                event.der_unique_record_id desc nulls last
        ) as bigint) as position
    from {{ ref('cld_main__event_in_period') }} as event
    left join {{ ref('cld_main__closed_record') }} as closed
        on
            event.submission_set = closed.submission_set
            and event.der_unique_record_id = closed.der_unique_record_id
)

select
    submission_set,
    der_unique_record_id,
    ref_period_start_date,
    ref_period_end_date,
    date_of_death_registered,
    death_registered_on,
    death_date,
    event_key,
    der_event_end_date,
    was_closed
from ranked
where position = 1
