-- kept_link: one row per record of this input with its person under the key that stays. What this run decided has its
-- evidence from this run; what the earlier index keeps has what it had there.
create or replace temp table kept_link as
with linked as (
    select
        a.person_record_key,
        l.sender_id,
        l.local_person_id,
        l.source_class,
        a.person_key,
        l.person_kind,
        l.stage,
        l.rule,
        l.evidence,
        l.number_state,
        l.number
    from all_link as a
    inner join decided_link as l on a.person_record_key = l.person_record_key
    union all
    select
        e.person_record_key,
        e.sender_id,
        e.local_person_id,
        e.source_class,
        e.person_key,
        e.person_kind,
        e.stage,
        e.rule,
        e.evidence,
        e.number_state,
        i.nhs_number as number
    from pinned as p
    inner join earlier_link as e on p.person_record_key = e.person_record_key
    left join earlier_person_identifier as i on e.person_key = i.person_key
)

select
    * replace (
        -- One record whose number is verified verifies it for the person.
        case
            when number is null then person_kind
            when bool_or(stage = 'trace') over (partition by person_key) then 'verified_number'
            else 'claimed_number'
        end as person_kind
    ),
    stage = 'trace' as is_verified
from linked;
