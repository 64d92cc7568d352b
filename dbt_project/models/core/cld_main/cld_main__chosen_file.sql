-- A file that serves quarters apart from each other keeps one reference period, which spans the gap.
select
    cast(row_number()
        over (order by submission_set asc nulls last, la_name_key asc nulls last, import_time asc nulls last)
    as bigint)
        as file_number,
    submission_set,
    la_name_key,
    min(la_name) as la_name,
    import_time,
    min(window_start) as ref_period_start_date,
    max(window_end) as ref_period_end_date,
    count(*) as windows
from {{ ref('cld_main__window_file') }}
group by submission_set, la_name_key, import_time
