-- traced_detail: one row per number for which a trace answer gave details: whose number PDS says it is.
create or replace temp table traced_detail as
select
    n.number,
    o.birth_date is not null or o.given is not null as has_details,
    if(has_details, o.birth_date, r.birth_date) as birth_date,
    if(has_details, o.family, r.family) as family,
    if(n.is_accepted, r.former_family, null) as former_family,
    if(has_details, o.given, r.given) as given,
    if(has_details, o.given_forms, r.given_forms) as given_forms,
    if(has_details, o.middle, r.middle) as middle,
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
) = 1;
