{{ config(materialized='view') }}

-- One row per list of local ids, group and sequel type; who is in the denominator only.
with counted as (
    select
        episode.period_id,
        episode.la_code,
        local_id.local_ids,
        episode.age_band,
        episode.sequel_type,
        episode.in_numerator
    from {{ ref('ascof__2a_episode') }} as episode
    inner join {{ ref('cld_main__person_local_id') }} as local_id
        on episode.la_code = local_id.la_code and episode.person_key = local_id.person_key
    where episode.is_counted and episode.in_denominator
),

grouped as (
    select
        period_id,
        la_code,
        local_ids,
        sequel_type,
        in_numerator,
        age_band as group_name
    from counted
    where age_band <> 'Unknown'
    union all
    select
        period_id,
        la_code,
        local_ids,
        sequel_type,
        in_numerator,
        'Total' as group_name
    from counted
)

select
    figure.period_id,
    figure.reporting_period,
    figure.la_code,
    figure.la_name,
    min(grouped.local_ids) as la_person_unique_identifier,
    figure.measure,
    figure.age_or_sex_group,
    cast(sum(case when grouped.in_numerator then 1 when not grouped.in_numerator then 0 end) as bigint) as numerator,
    case when count(grouped.period_id) > 0 then count(grouped.period_id) end as denominator,
    grouped.sequel_type
from {{ ref('ascof__2a_figure') }} as figure
left join grouped
    on
        figure.period_id = grouped.period_id
        and figure.la_code = grouped.la_code
        and figure.age_or_sex_group = grouped.group_name
group by
    figure.period_id, figure.reporting_period, figure.la_code, figure.la_name, figure.measure,
    figure.age_or_sex_group, {{ same_text('grouped.local_ids') }}, grouped.sequel_type
