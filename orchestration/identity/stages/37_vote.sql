-- number_vote: one row per number without traced details: the details (birth date and names) with which most of the
-- number's records agree, and how many records agree with them and are contradicted by them.
create or replace temp table number_vote as
with claim as (
    select
        c.number,
        r.*
    from number_claim as c
    inner join clean_record as r on c.person_record_key = r.person_record_key
    where c.number not in (select t.number from traced_detail as t)
),

-- The records of one number that say the same count as one voice with a weight; the least key stands for them.
voice as (
    select
        number,
        birth_date,
        family,
        given,
        min_by(struct_pack(
            person_record_key := person_record_key,
            former_family := former_family,
            given_forms := given_forms,
            middle := middle,
            is_given_in_use := is_given_in_use,
            postcode := postcode,
            address := address,
            gender := gender
        ), person_record_key) as spokesman,
        count(*) as records,
        count(*) filter (where nhs_number_status = '01') as sender_verified
    from claim
    group by number, birth_date, family, given
),

counted as (
    select
        *,
        count(*) over (partition by number) as voices
    from voice
),

compared as (
    select
        a.number,
        a.birth_date,
        a.family,
        a.given,
        b.records,
        compare_births(b.birth_date, a.birth_date) as births,
        weigh_first_names(
            compare_first_names(b.given, b.spokesman.given_forms, a.given, a.spokesman.given_forms),
            b.given, b.spokesman.given_forms, b.spokesman.middle, a.given, a.spokesman.given_forms, a.spokesman.middle
        ) as first_names,
        families_equal(b.family, b.spokesman.former_family, a.family, a.spokesman.former_family) as families,
        names_swapped(b.family, b.given, a.family, a.given) as swapped,
        same_household(b.spokesman.postcode, b.spokesman.address, a.spokesman.postcode, a.spokesman.address)
            as household,
        compare_genders(b.spokesman.gender, a.spokesman.gender) as genders
    from counted as a
    inner join counted as b on a.number = b.number
    -- A number with more than twenty different holders is nobody's number; do not compare them all.
    where a.voices between 2 and 20
),

vote as (
    select
        *,
        cross_check(births, first_names, families, swapped, household, genders) as outcome
    from compared
),

tally as (
    select
        number,
        birth_date,
        family,
        given,
        sum(records) filter (where cross_check_holds(outcome)) as agreeing,
        sum(records) filter (where cross_check_contradicts(outcome)) as contradicted
    from vote
    group by number, birth_date, family, given
)

select
    c.*,
    case when c.voices = 1 then c.records else coalesce(v.agreeing, 0) end as agreeing,
    coalesce(v.contradicted, 0) as contradicted
from counted as c
left join tally as v
    on
        c.number = v.number
        and c.birth_date is not distinct from v.birth_date
        and c.family is not distinct from v.family
        and c.given is not distinct from v.given
qualify row_number() over (
    partition by c.number
    order by agreeing desc, c.records desc, c.sender_verified desc, c.spokesman.person_record_key asc
) = 1;
