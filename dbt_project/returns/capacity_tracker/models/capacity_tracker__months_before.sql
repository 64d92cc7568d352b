-- Only where a pack of every month asked about is there: a month without one says nothing of what did not change.
with compared as (
    select
        earlier.submitter_id,
        earlier.periods_back,
        earlier.periods_asked,
        sum(
            case
                when
                    coalesce(cast(figure.value as string), 'none') <> coalesce(cast(earlier.value as string), 'none')
                    or coalesce(figure.value_text, '') <> coalesce(earlier.value_text, '')
                    then 1
                else 0
            end
        ) as changed,
        cast(sum(case when figure.value is not null then 1 else 0 end) as bigint) as answers
    from {{ ref('stg_run__earlier_figure') }} as earlier
    inner join {{ ref('ret_capacity_tracker__figure') }} as figure
        on
            earlier.return_id = figure.return_id
            and earlier.submitter_id = figure.submitter_id
            and earlier.cell_id = figure.cell_id
    group by earlier.submitter_id, earlier.periods_back, earlier.periods_asked
)

select
    submitter_id,
    max(periods_asked) as months,
    min(answers) as answers,
    max(changed) = 0 and min(answers) > 0 as is_unchanged
from compared
group by submitter_id
having count(*) = max(periods_asked)
