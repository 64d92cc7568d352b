-- number_quarantine: one row per record whose own number was set aside. The record goes on without that number; where a
-- trace answer or an exact pass found another, it goes on with that one.
create or replace temp table number_quarantine as
select
    d.person_record_key,
    concat_ws(
        ': ',
        s.meaning,
        case
            when d.number_state = 'cross_check_failed' and d.refused_number is null
                then 'a trace answer found the person under another number'
            when d.number_state = 'cross_check_failed' then d.reason
        end
    ) as reason,
    s.next_step,
    d.number_state
from number_decision as d
inner join number_state as s on d.number_state = s.number_state
where s.set_aside;
