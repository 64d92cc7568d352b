select
    task.submission_set,
    council.la_name,
    task.window_start,
    task.window_end
from {{ ref('stg_cld__expected_council') }} as council
cross join {{ ref('cld_main__window') }} as task
left join {{ ref('cld_main__window_file') }} as chosen
    on
        task.submission_set = chosen.submission_set
        and task.window_start = chosen.window_start
        and {{ same_text('council.la_name') }} = chosen.la_name_key
where chosen.la_name_key is null
