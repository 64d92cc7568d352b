-- Reablement episodes; clustered within a council, so that one episode reported by two councils is two.
with reablement as (
    select
        *,
        max(event_end_date) over (
            partition by la_code, la_name_key, person_key
            order by event_start_date asc nulls last, event_end_date asc nulls last, der_unique_record_id desc nulls last
            rows between unbounded preceding and 1 preceding
        ) as previous_end
    from {{ ref('ascof__event') }}
    where
        client_type = 'service user'
        and ends_after_start
        and measured_type = 'service'
        and service_type = 'short term support: st-max'
        and service_component = 'reablement'
),

numbered as (
    select
        reablement.*,
        cast(sum(
            case when {{ days_between('reablement.previous_end', 'reablement.event_start_date') }}
                <= run.cluster_gap_days then 0 else 1 end
        ) over (
            partition by reablement.la_code, reablement.la_name_key, reablement.person_key
            order by
                reablement.event_start_date asc nulls last, reablement.event_end_date asc nulls last, reablement.der_unique_record_id desc nulls last
            rows between unbounded preceding and current row
        ) as bigint) as cluster_number
    from reablement
    cross join {{ ref('stg_cld__method_run') }} as run
)

select
    numbered.la_code,
    numbered.la_name_key,
    numbered.person_key,
    numbered.cluster_number,
    concat(
        numbered.la_code, ':', numbered.la_name_key, ':', numbered.person_key, ':',
        cast(numbered.cluster_number as varchar(20))
    ) as cluster_id,
    min(numbered.la_name) as la_name,
    min(numbered.der_unique_record_id) as first_record_id,
    min(numbered.event_start_date) as episode_start,
    max(numbered.event_end_date) as episode_end,
    max(person.death_date) as death_date
from numbered
inner join {{ ref('cld_main__person_attribute') }} as person
    on numbered.la_code = person.la_code and numbered.person_key = person.person_key
group by numbered.la_code, numbered.la_name_key, numbered.person_key, numbered.cluster_number
