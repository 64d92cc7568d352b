-- The twelve whole months before the as-at day's month. Joined and left are read off two month ends that follow one
-- another, so that people at one end, plus joined, less left, are the people at the next.
with ends as (
    select
    {%- for back in range(13) %}
        last_day({{ add_months(first_of_month('as_at_date'), -(back + 1)) }}) as end_{{ back }}{{ ',' if not loop.last }}
    {%- endfor %}
    from {{ ref('stg_run__parameters') }}
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

served as (
    select
        services.view_id,
        services.person_key
        {%- for back in range(13) %},
        max(
            case
                when
                    services.started_on <= ends.end_{{ back }}
                    and (services.ended_on is null or services.ended_on > ends.end_{{ back }})
                    then 1
                else 0
            end
        ) as in_{{ back }}
        {%- endfor %}
    from services
    cross join ends
    group by services.view_id, services.person_key
),

present as (
    select
        served.view_id
        {%- for back in range(13) %},
        case
            when person.death_date is null or person.death_date > ends.end_{{ back }} then served.in_{{ back }} else 0
        end as at_{{ back }},
        case when person.death_date <= ends.end_{{ back }} then 1 else 0 end as dead_{{ back }}
        {%- endfor %}
    from served
    cross join ends
    left join {{ ref('core__person') }} as person on served.person_key = person.person_key
),

counted as (
    select
        view_id
        {%- for back in range(12) %},
        sum(at_{{ back }}) as supported_{{ back }},
        sum(at_{{ back + 1 }}) as before_{{ back }},
        sum(case when at_{{ back + 1 }} = 0 then at_{{ back }} else 0 end) as joined_{{ back }},
        sum(case when at_{{ back }} = 0 then at_{{ back + 1 }} else 0 end) as left_{{ back }},
        sum(case when at_{{ back }} = 0 then at_{{ back + 1 }} * dead_{{ back }} else 0 end) as died_{{ back }}
        {%- endfor %}
    from present
    group by view_id
)

{% for back in range(12) %}
{{ 'union all' if not loop.first }}
select
    counted.view_id,
    substring(cast(ends.end_{{ back }} as string), 1, 7) as month_label,
    cast(counted.supported_{{ back }} as bigint) as supported,
    cast(counted.joined_{{ back }} as bigint) as joined,
    cast(counted.left_{{ back }} as bigint) as left_support,
    cast(counted.died_{{ back }} as bigint) as died
from counted
cross join ends
where counted.supported_{{ back }} + counted.before_{{ back }} > 0
{% endfor %}
