-- A service open at the end of a period that is not the council's last, and absent from the period that starts
-- the next day, is closed at the period's end. The official code asks no event type; only services can qualify.
with last_period as (
    select
        chosen.submission_set,
        chosen.la_name_key,
        max(event.ref_period_start_date) as last_start
    from (select distinct file_number, ref_period_start_date from {{ ref('cld_main__event_in_period') }}) as event
    inner join {{ ref('cld_main__chosen_file') }} as chosen on event.file_number = chosen.file_number
    group by chosen.submission_set, chosen.la_name_key
),

open_record as (
    select event.*
    from {{ ref('cld_main__event_in_period') }} as event
    inner join {{ ref('cld_main__chosen_file') }} as chosen on event.file_number = chosen.file_number
    inner join last_period
        on
            chosen.submission_set = last_period.submission_set
            and chosen.la_name_key = last_period.la_name_key
            and event.ref_period_start_date < last_period.last_start
    where event.der_event_end_date is null or event.der_event_end_date > event.ref_period_end_date
)

select
    open_record.submission_set,
    open_record.der_unique_record_id,
    open_record.ref_period_end_date as closed_on
from open_record
left join (
    select distinct submission_set, event_key, ref_period_start_date from {{ ref('cld_main__event_in_period') }}
) as following
    on
        open_record.submission_set = following.submission_set
        and open_record.event_key = following.event_key
        and {{ add_days('open_record.ref_period_end_date', 1) }} = following.ref_period_start_date
where following.event_key is null
