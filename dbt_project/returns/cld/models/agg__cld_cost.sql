-- One cost per service: the latest that began by the end of the period; a cost without a start counts as the oldest.
with ranked as (
    select
        cost.*,
        row_number() over (
            partition by cost.service_record_key
            order by cost.valid_from desc nulls last, cost.record_key asc nulls last
        ) as position
    from {{ ref('core__council_cost') }} as cost
    cross join {{ ref('stg_run__return') }} as run
    where
        run.return_id = 'cld'
        and (cost.valid_from is null or cost.valid_from <= run.period_end)
)

select
    service_record_key,
    record_key as cost_record_key,
    unit_cost,
    cost_frequency_unit_type,
    planned_units_per_week
from ranked
where position = 1
