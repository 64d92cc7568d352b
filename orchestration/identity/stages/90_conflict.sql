-- conflict: one row per person and field on which the person's records (or the rows behind one record) differ.
-- Values stand in this table only, which never leaves the restricted folder.
create or replace temp table conflict as
with said as (
    select
        person_record_key,
        'date_of_birth' as field,
        cast(birth_date as varchar) as value
    from clean_record
    union
    select
        person_record_key,
        'gender',
        gender
    from clean_record
    union
    select
        person_record_key,
        'deceased_date',
        cast(deceased_date as varchar)
    from clean_record
    union
    select
        person_record_key,
        'nhs_number',
        claimed_number
    from clean_record
    union
    select
        person_record_key,
        field,
        if(field = 'nhs_number', clean_number(value), value)
    from person_record_variant
    union
    select
        o.person_record_key,
        'date_of_birth',
        cast(o.birth_date as varchar)
    from trace_outcome as o
    inner join person_link as l on o.person_record_key = l.person_record_key and l.is_verified
    union
    select
        o.person_record_key,
        'deceased_date',
        cast(o.death_date as varchar)
    from trace_outcome as o
    inner join person_link as l on o.person_record_key = l.person_record_key and l.is_verified
),

per_value as (
    select
        l.person_key,
        s.field,
        s.value,
        count(distinct s.person_record_key) as records
    from said as s
    inner join person_link as l on s.person_record_key = l.person_record_key
    where s.value is not null
    group by l.person_key, s.field, s.value
)

select
    person_key,
    field,
    count(*)::bigint as different_values,
    string_agg(
        concat(value, ' (', records, if(records = 1, ' record)', ' records)')), ' | ' order by records desc, value
    )
        as values_seen
from per_value
group by person_key, field
having count(*) > 1;
