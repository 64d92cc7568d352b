-- The twelve whole months before the as-at day's month. Joined and left are read off two month ends that follow one
-- another, so that people at one end, plus joined, less left, are the people at the next.
with month_ends as (
    {% for back in range(13) %}
    {% if not loop.first %}
    union all
    {% endif %}
    select
        {{ back }} as months_back,
        last_day({{ add_months(first_of_month('as_at_date'), -(back + 1)) }}) as month_end
    from {{ ref('stg_run__parameters') }}
    {% endfor %}
),

services as (
    select
        'providers' as view_id,
        person_key,
        service_start_date as started_on,
        case
            when discharged_on is not null and (service_end_date is null or discharged_on < service_end_date)
                then discharged_on
            else service_end_date
        end as ended_on
    from {{ ref('agg__service_now') }}
    where person_key is not null and location_id is not null and state <> 'entered_in_error'

    union all

    select
        'council' as view_id,
        person_key,
        event_start_date as started_on,
        event_end_date as ended_on
    from {{ ref('core__council_event') }}
    where
        event_type = 'Service'
        and client_type = 'Service user'
        and person_key is not null
        and coalesce(event_status, 'not recorded') <> 'cancelled'
),

present as (
    select
        services.view_id,
        services.person_key,
        month_ends.months_back,
        max(person.death_date) as death_date
    from services
    inner join month_ends
        on
            services.started_on <= month_ends.month_end
            and (services.ended_on is null or services.ended_on > month_ends.month_end)
    left join {{ ref('core__person') }} as person on services.person_key = person.person_key
    where person.death_date is null or person.death_date > month_ends.month_end
    group by services.view_id, services.person_key, month_ends.months_back
),

moves as (
    select
        coalesce(after.view_id, before.view_id) as view_id,
        coalesce(after.months_back, before.months_back - 1) as months_back,
        count(after.person_key) as supported,
        cast(sum(case when before.person_key is null then 1 else 0 end) as bigint) as joined,
        cast(sum(case when after.person_key is null then 1 else 0 end) as bigint) as left_support,
        cast(
            sum(case when after.person_key is null and before.death_date <= ends.month_end then 1 else 0 end) as bigint
        ) as died
    from present as after
    full outer join present as before
        on
            after.view_id = before.view_id
            and after.person_key = before.person_key
            and after.months_back = before.months_back - 1
    left join month_ends as ends on coalesce(after.months_back, before.months_back - 1) = ends.months_back
    where coalesce(after.months_back, before.months_back - 1) between 0 and 11
    group by coalesce(after.view_id, before.view_id), coalesce(after.months_back, before.months_back - 1)
)

select
    moves.view_id,
    substring(cast(month_ends.month_end as string), 1, 7) as month_label,
    moves.supported,
    moves.joined,
    moves.left_support,
    moves.died
from moves
inner join month_ends on moves.months_back = month_ends.months_back
