-- review: one row per record, or record and proposed person, that a person has to decide.
create or replace temp table review as
with asked as (
    select
        o.person_record_key,
        null::varchar as number,
        'trace' as stage,
        case
            when o.answer_class = 'ambiguous' then 'trace_several'
            when o.answer_class = 'review' then 'trace_under_investigation'
            else 'trace_number_unusable'
        end as reason,
        concat('trace answer ', o.code, ' in extract ', o.extract_id, ', row ', o.source_row) as evidence
    from trace_outcome as o
    where
        not o.is_stale
        and (o.answer_class in ('ambiguous', 'review') or (o.is_match and not o.is_usable_match))
    union all
    select
        t.person_record_key,
        t.number,
        'trace',
        if(t.is_weak, 'trace_answer_weak', 'trace_answer_refused'),
        t.agreement
    from traced_number as t
    inner join person_link as l on t.person_record_key = l.person_record_key
    -- A home may have said what the answer alone could not.
    where not t.is_accepted and not (t.is_weak and t.number is not distinct from l.number)
    union all
    select
        e.person_record_key,
        e.number,
        'exact',
        'several_numbers_fit',
        e.rule
    from exact_pair as e
    left join exact_link as x on e.person_record_key = x.person_record_key
    where e.veto is null and x.person_record_key is null
    union all
    select
        e.person_record_key,
        e.number,
        'exact',
        'exact_but_vetoed',
        concat(e.rule, ': ', e.veto)
    from exact_pair as e
    left join exact_link as x on e.person_record_key = x.person_record_key
    where
        x.person_record_key is null
        and e.veto in (
            'genders differ', 'middle names differ', 'death before activity',
            'its own well-formed number may be its own'
        )
    union all
    select
        g.person_record_key,
        null,
        'group',
        'group_but_vetoed',
        g.veto
    from demographic_group as g
    where g.veto is not null
    union all
    -- A score that is high and not high enough, or whose next best is too near.
    select
        s.person_record_key,
        s.number,
        'scored',
        'score_not_high_enough',
        printf('weight %.1f bits', s.weight)
    from scored_number as s
    inner join person_link as l on s.person_record_key = l.person_record_key
    where
        s.place = 1 and not s.is_vetoed and l.rule = 'single_record'
        and s.weight >= getvariable('review_weight')
        and s.person_record_key not in (
            select e.person_record_key from exact_pair as e
            where e.veto is distinct from 'others may share names and birth date by chance'
        )
)

select
    a.person_record_key,
    i.person_key as proposed_person_key,
    a.stage,
    a.reason,
    a.evidence,
    w.next_step
from asked as a
inner join review_reason as w on a.reason = w.reason
left join person_identifier as i on a.number = i.nhs_number;
