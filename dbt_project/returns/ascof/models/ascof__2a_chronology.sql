-- Everything else the person has beside an episode, reduced to what the sequel rules ask.
with episode as (
    select cluster.*
    from {{ ref('ascof__2a_cluster') }} as cluster
    where exists (
        select 1 from {{ ref('stg_cld__method_period') }} as period
        where
            period.family = 'year'
            and cluster.episode_end between period.period_start and period.period_end
    )
),

other_event as (
    select
        episode.la_code,
        episode.la_name_key,
        episode.person_key,
        episode.cluster_number,
        episode.cluster_is_usable,
        event.measured_type,
        event.service_type,
        event.service_component,
        event.event_start_date,
        event.event_outcome,
        event.outcome_rank,
        event.is_usable,
        long_term.label_key is not null
        and event.event_start_date < episode.episode_start
        and {{ days_between('event.event_end_date', 'episode.episode_start') }} < run.new_client_days_2a
            as makes_existing_client,
        event.event_start_date >= episode.episode_start
        and event.event_end_date > episode.episode_end
        and {{ days_between('episode.episode_end', 'event.event_start_date') }} <= run.sequel_days_2a as follows,
        event.event_start_date >= episode.episode_start
        and event.event_end_date > episode.episode_start
        and event.event_end_date <= episode.episode_end as is_nested,
        {{ days_between('event.event_end_date', 'episode.episode_end') }} < run.nested_review_days_2a as ends_late,
        cast(row_number() over (
            partition by episode.la_code, episode.la_name_key, episode.person_key, episode.cluster_number
            order by event.event_end_date desc nulls last, event.outcome_rank asc nulls last, event.der_unique_record_id desc nulls last
        ) as bigint) as lateness,
        service_rank.rank * 10
        + case when event.service_component in ('short term residential care', 'short term nursing care')
            then 1 else 2 end as service_code
    from episode
    cross join {{ ref('stg_cld__method_run') }} as run
    inner join {{ ref('ascof__2a_event') }} as event
        on episode.la_code = event.la_code and episode.person_key = event.person_key
    left join {{ ref('stg_cld__method_list') }} as service_rank
        on service_rank.list = 'service_rank' and event.service_type = service_rank.label_key
    left join {{ ref('stg_cld__method_list') }} as long_term
        on long_term.list = 'long_term_service' and event.service_type = long_term.label_key
    where
        not coalesce(
            event.event_start_date between episode.episode_start and episode.episode_end
            and event.measured_type = 'service'
            and event.service_type = 'short term support: st-max',
            false
        )
),

cut as (
    select
        *,
        min(case when follows and service_type = 'short term support: st-max' then event_start_date end) over (
            partition by la_code, la_name_key, person_key, cluster_number
        ) as next_st_max_start,
        min(
            case
                when is_nested and ends_late and measured_type in ('assessment', 'review') and is_usable
                    then lateness
            end
        ) over (partition by la_code, la_name_key, person_key, cluster_number) as last_review
    from other_event
),

judged as (
    select
        *,
        follows and (next_st_max_start is null or event_start_date < next_st_max_start) as is_sequel
    from cut
)

select
    la_code,
    la_name_key,
    person_key,
    cluster_number,
    max(case when makes_existing_client then 1 else 0 end) = 1 as is_existing_client,
    max(case when is_sequel then 1 else 0 end) = 1 as has_sequel_event,
    min(case when is_sequel then service_code end) as best_service_code,
    max(
        case
            when is_sequel
                and (cluster_is_usable or is_usable)
                and event_outcome <> 'nfa: support ended as planned'
                and measured_type <> 'service' then 1
            else 0
        end
    ) = 1 as has_other_sequel,
    min(
        case
            when is_sequel
                and is_usable
                and event_outcome <> 'nfa: support ended as planned'
                and measured_type <> 'service' then outcome_rank
        end
    ) as best_other_sequel_rank,
    min(case when lateness = last_review then outcome_rank end) as last_review_rank,
    max(
        case when is_nested and measured_type = 'service' and service_component = 'equipment' then 1 else 0 end
    ) = 1 as has_equipment
from judged
group by la_code, la_name_key, person_key, cluster_number
