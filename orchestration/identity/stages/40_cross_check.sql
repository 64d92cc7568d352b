-- number_decision: one row per person record: the number it may join people by, or none, and why.
-- A number is contested where the record may not use it and yet may be its owner; one that PDS confirmed for the record
-- is so whatever speaks against it. Such a record joins no other number: its person would hold two numbers that nothing
-- has disproved.
create or replace temp table number_decision as
-- A birth date alone also fits a twin: where the first name is not the number's, but all of birth date, family and
-- first name are those of another number, the record carries its twin's number.
with fits_another as (
    select distinct t.person_record_key
    from taken_number as t
    inner join clean_record as r on t.person_record_key = r.person_record_key
    inner join number_anchor as own on t.number = own.number
    inner join number_anchor as other
        on
            r.birth_date = other.birth_date and r.family = other.family and r.given = other.given
            and t.number <> other.number and other.anchor_kind <> 'disputed'
    where
        t.is_accepted
        and compare_first_names(r.given, r.given_forms, own.given, own.given_forms) in ('close', 'different')
        -- Two names that people bear. An initial or a slip of the pen is no other name.
        and r.is_given_in_use and own.is_given_in_use
        and not names_swapped(r.family, r.given, own.family, own.given)
),

judged as (
    select
        t.* replace (
            t.is_accepted and f.person_record_key is null and p.person_record_key is null as is_accepted
        ),
        case
            when t.is_accepted and p.person_record_key is not null
                then 'a reviewer has parted this record from another that carries the number'
            when t.is_accepted and f.person_record_key is not null
                then 'birth date equal, but birth date and both names are those of another number'
            else t.agreement
        end as reason,
        (t.is_doubtful and not t.is_accepted) or (t.is_accepted and (f.person_record_key is not null or p.person_record_key is not null))
            as is_contested
    from taken_number as t
    left join fits_another as f on t.person_record_key = f.person_record_key
    left join parted_record as p on t.person_record_key = p.person_record_key
)

select
    r.person_record_key,
    case when j.is_accepted then j.number end as number,
    case when j.is_accepted then j.rule end as rule,
    coalesce(j.is_accepted and starts_with(j.rule, 'trace_'), false) as is_verified,
    case
        when r.claimed_number is null then 'missing'
        when shape.number_state <> 'valid' then shape.number_state
        when j.is_accepted and (j.is_replaced or coalesce(chain.new_number = j.number, false)) then 'replaced'
        when j.is_accepted and starts_with(j.rule, 'trace_')
            then if(coalesce(j.number = r.claimed_number, false), 'verified', 'cross_check_failed')
        when j.is_accepted then 'valid'
        when j.person_record_key is null then 'trace_invalid'
        else 'cross_check_failed'
    end as number_state,
    j.reason,
    case when not j.is_accepted then j.number else u.answered_number end as refused_number,
    coalesce(j.is_contested, u.person_record_key is not null) as is_contested
from clean_record as r
left join number_shape as shape on r.claimed_number = shape.number
left join replaced_number as chain on r.claimed_number = chain.old_number
left join judged as j on r.person_record_key = j.person_record_key
-- Confirmed by one answer and replaced by another of the same day.
left join trace_outcome as u
    on
        r.person_record_key = u.person_record_key and u.answer_class in ('matched', 'matched_sensitive')
        and u.answered_number = u.asked_number and u.traced_number is null and not u.is_stale;
