-- taken_number: one row per record that carries a number or whose trace answer gives one: does the cross-check hold?
create or replace temp table taken_number as
with carried as (
    select
        number,
        count(*) as records
    from (
        select number from number_claim
        union all
        select number from traced_number
        where is_accepted
    ) as c
    group by number
),

compared as (
    select
        c.person_record_key,
        c.number,
        c.is_replaced,
        a.anchor_kind,
        carried.records as carried_by,
        compare_births(r.birth_date, a.birth_date) as births,
        weigh_first_names(
            compare_first_names(r.given, r.given_forms, a.given, a.given_forms),
            r.given, r.given_forms, r.middle, a.given, a.given_forms, a.middle
        ) as first_names,
        families_equal(r.family, r.former_family, a.family, a.former_family) as families,
        names_swapped(r.family, r.given, a.family, a.given) as swapped,
        same_household(r.postcode, r.address, a.postcode, a.address) as household,
        compare_genders(r.gender, a.gender) as genders
    from number_claim as c
    inner join clean_record as r on c.person_record_key = r.person_record_key
    inner join number_anchor as a on c.number = a.number
    inner join carried on c.number = carried.number
),

checked as (
    select
        *,
        cross_check(births, first_names, families, swapped, household, genders) as outcome
    from compared
)

select
    person_record_key,
    number,
    is_replaced,
    case
        when carried_by = 1 then 'claimed_number_alone'
        when anchor_kind = 'pds' then 'claimed_number_agrees_with_pds'
        else 'claimed_number_agrees'
    end as rule,
    carried_by = 1 or (anchor_kind <> 'disputed' and cross_check_holds(outcome)) as is_accepted,
    case
        when carried_by = 1 then 'no other record carries it'
        when anchor_kind = 'disputed' then 'the records that carry it disagree and none has more support'
        else cross_check_words(outcome)
    end as agreement,
    carried_by > 1 and (anchor_kind = 'disputed' or cross_check_doubts(outcome)) as is_doubtful
from checked
union all
select
    person_record_key,
    number,
    rule = 'trace_replaced' as is_replaced,
    rule,
    is_accepted,
    agreement,
    -- PDS says it is the record's own, whatever the names say.
    true as is_doubtful
from traced_number
where is_accepted or is_by_number;
