-- Joined submissions are chosen quarter by quarter, single submissions for the whole period.
select
    'joined' as submission_set,
    {{ add_months('run.history_start', '3 * number.n') }} as window_start,
    {{ add_days(add_months('run.history_start', '3 * number.n + 3'), -1) }} as window_end
from {{ ref('stg_cld__method_run') }} as run
inner join {{ ref('cld_main__number') }} as number
    on {{ add_days(add_months('run.history_start', '3 * number.n + 3'), -1) }} <= run.period_end
union all
select
    'single' as submission_set,
    period_start as window_start,
    period_end as window_end
from {{ ref('stg_cld__method_run') }}
