-- person: one row per person. The birth date is that of the newest accepted trace answer, else the one most records
-- give, a known day before a 1 January, then the newest record's. The death date is PDS's where it has one.
create or replace temp table person as
with traced as (
    select
        l.person_key,
        first(o.birth_date order by o.as_at desc nulls last, l.person_record_key asc)
        filter (where o.birth_date is not null) as birth_date,
        first(o.death_date order by o.as_at desc nulls last, l.person_record_key asc)
        filter (where o.death_date is not null) as death_date
    from person_link as l
    inner join trace_outcome as o on l.person_record_key = o.person_record_key
    where l.is_verified
    group by l.person_key
),

born as (
    select
        l.person_key,
        r.birth_date
    from person_link as l
    inner join clean_record as r on l.person_record_key = r.person_record_key
    where r.birth_date is not null
    group by l.person_key, r.birth_date
    qualify row_number() over (
        partition by l.person_key
        order by
            count(*) desc, birth_is_weak(r.birth_date) asc, max(r.last_seen) desc nulls last, r.birth_date asc
    ) = 1
),

died as (
    select
        l.person_key,
        r.deceased_date
    from person_link as l
    inner join clean_record as r on l.person_record_key = r.person_record_key
    where r.deceased_date is not null
    group by l.person_key, r.deceased_date
    qualify row_number() over (
        partition by l.person_key order by count(*) desc, max(r.last_seen) desc nulls last, r.deceased_date asc
    ) = 1
),

counted as (
    select
        person_key,
        min(person_kind) as person_kind,
        count(*) as records
    from person_link
    group by person_key
)

select
    c.person_key,
    c.person_kind,
    coalesce(t.birth_date, b.birth_date) as birth_date,
    coalesce(t.death_date, d.deceased_date) as death_date,
    case when t.death_date is not null then 'pds' when d.deceased_date is not null then 'record' end as death_source,
    c.records
from counted as c
left join traced as t on c.person_key = t.person_key
left join born as b on c.person_key = b.person_key
left join died as d on c.person_key = d.person_key;
