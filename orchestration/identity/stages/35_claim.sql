-- number_claim: one row per record whose own number is well formed and not yet confirmed or set aside by an answer,
-- with the number it stands for now (a replaced number stands for the end of its chain).
create or replace temp table number_claim as
with called_invalid as (
    select distinct o.asked_number as number
    from trace_outcome as o
    where
        o.answer_class = 'invalid' and o.algorithm = '1' and not o.is_stale
        and o.asked_number not in (select n.number from traced_number as n where n.is_accepted)
)

select
    r.person_record_key,
    case when chain.old_number is null then shape.number else chain.new_number end as number,
    chain.old_number is not null as is_replaced
from clean_record as r
inner join number_shape as shape on r.claimed_number = shape.number and shape.number_state = 'valid'
left join replaced_number as chain on shape.number = chain.old_number
left join traced_number as t on r.person_record_key = t.person_record_key and (t.is_accepted or t.is_by_number)
left join trace_outcome as o on r.person_record_key = o.person_record_key and not o.is_stale
where
    t.person_record_key is null
    and (chain.old_number is null or chain.new_number is not null)
    -- PDS calls the record behind it invalid, or replaced without saying by what.
    and coalesce(o.answer_class, '') <> 'invalid'
    and not (coalesce(o.answer_class, '') = 'matched_superseded' and not o.is_usable_match)
    and shape.number not in (select i.number from called_invalid as i);
