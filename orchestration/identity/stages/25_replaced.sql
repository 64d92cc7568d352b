-- replaced_number: one row per number that PDS says was replaced, with the end of its chain (old, new, newer).
-- Only answers with code 90 replace a number. A chain that bites its own tail, or an old number for which the newest
-- answers name two successors, has no end that can be trusted. An answer that finds somebody under the old number says
-- that it still stands: a later one undoes the replacing, one of the same day contradicts it.
create or replace temp table replaced_number as
with recursive replacing as (
    select distinct
        old_shape.number as old_number,
        new_shape.number as new_number,
        a._as_at as as_at
    from trace_response as a
    inner join number_shape as old_shape on clean_number(a.req_nhs_number) = old_shape.number
    inner join number_shape as new_shape on clean_number(a.matched_nhs_no) = new_shape.number
    where
        trim(a.error_success_code) = '90'
        and old_shape.number_state = 'valid' and new_shape.number_state = 'valid'
        and old_shape.number <> new_shape.number
),

said as (
    select
        old_number,
        new_number,
        as_at
    from replacing
    union
    select
        clean_number(a.matched_nhs_no),
        clean_number(a.matched_nhs_no),
        a._as_at
    from trace_response as a
    inner join trace_code as k on trim(a.error_success_code) = k.code
    where
        k.answer_class in ('matched', 'matched_sensitive')
        and clean_number(a.matched_nhs_no) in (select r.old_number from replacing as r)
),

newest as (
    select
        old_number,
        new_number
    from said
    qualify
        coalesce(as_at, timestamp '-infinity')
        = max(coalesce(as_at, timestamp '-infinity')) over (partition by old_number)
),

step as (
    select
        old_number,
        min(new_number) as new_number,
        count(distinct new_number) as successors
    from newest
    group by old_number
    having bool_or(old_number <> new_number)
),

walk as (
    select
        old_number as start_number,
        [old_number] as passed,
        new_number as reached
    from step
    where successors = 1
    union all
    select
        w.start_number,
        list_append(w.passed, w.reached),
        s.new_number
    from walk as w
    inner join step as s on w.reached = s.old_number
    where s.successors = 1 and not list_contains(w.passed, w.reached)
)

select
    w.start_number as old_number,
    case when s.old_number is null then w.reached end as new_number,
    case
        when s.old_number is null then 'end'
        when s.successors > 1 then 'contradiction'
        else 'loop'
    end as outcome,
    len(w.passed) as steps
from walk as w
left join step as s on w.reached = s.old_number
where s.old_number is null or s.successors > 1 or list_contains(w.passed, w.reached)
union all
select
    old_number,
    null,
    'contradiction',
    1
from step
where successors > 1;
