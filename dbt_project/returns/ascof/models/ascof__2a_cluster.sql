-- Short-term services that overlap or follow each other closely are one episode.
with st_max as (
    select
        *,
        max(event_end_date) over (
            partition by la_code, la_name_key, person_key
            order by event_start_date asc nulls last, event_end_date asc nulls last, outcome_rank asc nulls last, der_unique_record_id desc nulls last
            rows between unbounded preceding and 1 preceding
        ) as previous_end
    from {{ ref('ascof__2a_event') }}
    where measured_type = 'service' and service_type = 'short term support: st-max'
),

numbered as (
    select
        st_max.*,
        cast(sum(
            case when {{ days_between('st_max.previous_end', 'st_max.event_start_date') }} <= run.cluster_gap_days
                then 0 else 1 end
        ) over (
            partition by st_max.la_code, st_max.la_name_key, st_max.person_key
            order by
                st_max.event_start_date asc nulls last, st_max.event_end_date asc nulls last, st_max.outcome_rank asc nulls last,
                st_max.der_unique_record_id desc nulls last
            rows between unbounded preceding and current row
        ) as bigint) as cluster_number
    from st_max
    cross join {{ ref('stg_cld__method_run') }} as run
),

ranked as (
    select
        *,
        min(event_start_date) over (
            partition by la_code, la_name_key, person_key, cluster_number
        ) as episode_start,
        cast(row_number() over (
            partition by la_code, la_name_key, person_key, cluster_number
            order by event_end_date desc nulls last, outcome_rank asc nulls last, der_unique_record_id desc nulls last
        ) as bigint) as position
    from numbered
)

select
    la_code,
    la_name,
    la_name_key,
    person_key,
    cluster_number,
    episode_start,
    event_end_date as episode_end,
    event_outcome as cluster_outcome,
    outcome_rank as cluster_rank,
    is_usable as cluster_is_usable,
    der_unique_record_id as last_record_id
from ranked
where position = 1
