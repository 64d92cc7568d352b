with derived as (
    select
        file.*,
        case run.period_rule
            when 'share_of_file' then by_share.derived_start
            when 'complete_months'
                then case
                    when file.la_code = run.stated_period_la_code then file.stated_start else by_month.derived_start
                end
        end as derived_start,
        case run.period_rule
            when 'share_of_file' then by_share.derived_end
            when 'complete_months'
                then case
                    when file.la_code = run.stated_period_la_code then file.stated_end else by_month.derived_end
                end
        end as derived_end,
        case when by_month.lacks_event_type then 'Y' else 'N' end as missing_required_event_type,
        case when by_month.has_gaps then 'Y' else 'N' end as reporting_period_has_gaps
    from {{ ref('cld_main__file') }} as file
    cross join {{ ref('stg_cld__method_run') }} as run
    left join {{ ref('cld_main__period_by_share') }} as by_share
        on
            file.la_code = by_share.la_code
            and file.la_name_key = by_share.la_name_key
            and file.import_time = by_share.import_time
    left join {{ ref('cld_main__period_by_month') }} as by_month
        on
            file.la_code = by_month.la_code
            and file.la_name_key = by_month.la_name_key
            and file.import_time = by_month.import_time
)

select
    *,
    cast(round({{ days_between('stated_start', 'stated_end') }} / 30.436875, 0) as integer) as stated_months,
    cast(round({{ days_between('derived_start', 'derived_end') }} / 30.436875, 0) as integer) as derived_months
from derived
