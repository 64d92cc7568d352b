-- person_link: one row per person record with its person, and the stage, rule and evidence that put it there.
-- The person key is a keyed hash, sha256(secret || sha256(secret || anchor)), cut to 24 hexadecimal digits: the anchor
-- is the number, or the least record key of a group. Without the secret a key can be neither made nor tried out.
create or replace temp table person_link as
with number_kind as (
    select
        number,
        if(bool_or(is_verified), 'verified_number', 'claimed_number') as person_kind
    from number_decision
    where number is not null
    group by number
),

placed as (
    select
        r.person_record_key,
        r.sender_id,
        r.local_person_id,
        r.source_class,
        d.number_state,
        coalesce(d.number, x.number, s.number) as number,
        coalesce(
            d.rule, x.rule, s.rule,
            if(g.person_record_key is null, null, coalesce(e.rule, 'scored_group')), 'single_record'
        ) as rule,
        case
            when coalesce(d.number, x.number, s.number) is not null
                then 'number:' || coalesce(d.number, x.number, s.number)
            else 'record:' || coalesce(g.least_record_key, r.person_record_key)
        end as anchor,
        case
            when coalesce(d.number, x.number, s.number) is not null then k.person_kind
            when g.person_record_key is not null then 'demographic_group'
            else 'single_record'
        end as person_kind,
        coalesce(s.weight, if(e.person_record_key is null, g.weight, null)) as weight,
        s.margin,
        d.reason,
        d.is_verified
    from clean_record as r
    inner join number_decision as d on r.person_record_key = d.person_record_key
    left join exact_link as x on r.person_record_key = x.person_record_key
    left join scored_link as s on r.person_record_key = s.person_record_key
    left join numberless_group as g on r.person_record_key = g.person_record_key
    left join demographic_group as e
        on
            r.person_record_key = e.person_record_key and e.veto is null
            -- A strict group that scores have taken apart again is not what holds the record.
            and g.person_record_key is not null
    left join number_kind as k on coalesce(d.number, x.number, s.number) = k.number
)

select
    p.person_record_key,
    p.sender_id,
    p.local_person_id,
    p.source_class,
    left(
        sha256(getvariable('person_key') || sha256(getvariable('person_key') || p.anchor)), 24
    ) as person_key,
    p.person_kind,
    i.stage,
    p.rule,
    concat_ws(
        '; ',
        i.words,
        if(p.weight is null, null, printf('weight %.1f bits', p.weight)),
        if(p.margin is null, null, printf('better than the next by %.1f bits', p.margin)),
        if(i.stage in ('trace', 'cross_check'), p.reason, null),
        if(
            p.is_verified,
            concat(
                'answer ', o.code, if(o.confidence is null, '', ' with confidence ' || o.confidence),
                ' in extract ', o.extract_id, ', row ', o.source_row
            ),
            null
        ),
        if(
            not p.is_verified and o.code is not null,
            concat(
                if(o.is_stale, 'a trace answer about an earlier number was not used: ', 'trace answer '), o.code,
                ' in extract ', o.extract_id, ', row ', o.source_row
            ),
            null
        )
    ) as evidence,
    p.number_state,
    p.number,
    p.is_verified,
    p.anchor,
    -- The chance that the join is right, from its weight in bits; joins by number or by equal details count as sure.
    if(p.rule = 'single_record', null, round(1 - 1 / (1 + power(2.0, coalesce(p.weight, 60))), 6)) as score
from placed as p
inner join identity_rule as i on p.rule = i.rule
left join trace_outcome as o on p.person_record_key = o.person_record_key;
