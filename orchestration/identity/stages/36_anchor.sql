-- number_anchor: one row per number in use: the details every record that carries it must agree with.
-- Details a trace answer gave come first. Without them the records vote: the details (birth date and names) with which
-- most of the number's records agree are the anchor, and only if more records agree with them than are contradicted
-- by them. Two records that contradict each other therefore have no anchor: nobody can say whose number it is.
create or replace temp table number_anchor as
with traced as (
    select
        n.number,
        o.birth_date is not null or o.given is not null as has_details,
        if(has_details, o.birth_date, r.birth_date) as birth_date,
        if(has_details, o.family, r.family) as family,
        if(n.is_accepted, r.former_family, null) as former_family,
        if(has_details, o.given, r.given) as given,
        if(has_details, o.given_forms, r.given_forms) as given_forms,
        o.postcode,
        null::varchar as address,
        o.gender,
        o.death_date
    from traced_number as n
    inner join trace_outcome as o on n.person_record_key = o.person_record_key
    inner join clean_record as r on n.person_record_key = r.person_record_key
    -- A refused answer about the record's own number still says whose number it is.
    where n.is_accepted or (n.is_by_number and has_details)
    qualify row_number() over (
        partition by n.number
        order by has_details desc, o.as_at desc nulls last, n.person_record_key asc
    ) = 1
),

claim as (
    select
        c.number,
        r.*
    from number_claim as c
    inner join clean_record as r on c.person_record_key = r.person_record_key
    where c.number is not null and c.number not in (select t.number from traced as t)
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
        compare_first_names(b.given, b.spokesman.given_forms, a.given, a.spokesman.given_forms) as first_names,
        families_equal(b.family, b.spokesman.former_family, a.family, a.spokesman.former_family) as families,
        names_swapped(b.family, b.given, a.family, a.given) as swapped,
        same_household(b.spokesman.postcode, b.spokesman.address, a.spokesman.postcode, a.spokesman.address)
            as household
    from counted as a
    inner join counted as b on a.number = b.number
    -- A number with more than twenty different holders is nobody's number; do not compare them all.
    where a.voices between 2 and 20
),

vote as (
    select
        *,
        cross_check(births, first_names, families, swapped, household) as outcome
    from compared
),

tally as (
    select
        number,
        birth_date,
        family,
        given,
        sum(records) filter (where cross_check_holds(outcome)) as agreeing,
        sum(records) filter (where outcome in ('disagree', 'namesake', 'first_names_differ')) as contradicted
    from vote
    group by number, birth_date, family, given
),

chosen as (
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
    ) = 1
)

select
    number,
    'pds' as anchor_kind,
    birth_date,
    family,
    former_family,
    given,
    given_forms,
    postcode,
    address,
    gender,
    death_date
from traced
union all
select
    number,
    case
        when voices <= 20 and agreeing > contradicted then 'records'
        else 'disputed'
    end,
    birth_date,
    family,
    spokesman.former_family,
    given,
    spokesman.given_forms,
    spokesman.postcode,
    spokesman.address,
    spokesman.gender,
    null
from chosen;
