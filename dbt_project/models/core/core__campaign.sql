-- A season that comes again each year is known only as far as it is listed; one that was named for its year is over.
with listed as (
    select
        code.return_id,
        code.code as cell_id,
        code.code_set,
        code.label,
        code.from_list as value_set,
        code.valid_from,
        code.valid_to,
        run.as_at_date,
        code.valid_from <= run.as_at_date and code.valid_to >= run.as_at_date as is_open
    from {{ ref('stg_return__code') }} as code
    inner join {{ ref('stg_run__return') }} as run_return on code.return_id = run_return.return_id
    cross join {{ ref('stg_run__parameters') }} as run
    where code.code_set in ('campaign', 'campaign_past')
)

select
    return_id,
    cell_id,
    case
        when max(case when is_open then 1 else 0 end) = 1 then 'open'
        when max(code_set) = 'campaign_past' and as_at_date > max(valid_to) then 'closed'
        when as_at_date > max(valid_to) or as_at_date < min(valid_from) then 'not_known'
        else 'closed'
    end as state,
    max(case when is_open then label end) as label,
    max(case when is_open then value_set end) as value_set,
    min(case when is_open then valid_from end) as began_on,
    max(case when valid_to < as_at_date then valid_to end) as last_ended_on
from listed
group by return_id, cell_id, as_at_date
