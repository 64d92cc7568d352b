-- clean_record: one row per person record, every value in the form in which it is compared.
create or replace temp table clean_record as
with cleaned as (
    select
        person_record_key,
        sender_id,
        source_class,
        local_person_id,
        clean_number(nhs_number) as claimed_number,
        nullif(trim(nhs_number_status), '') as nhs_number_status,
        clean_family(family_name) as family,
        clean_family(former_family_name) as former_family,
        clean_given(given_name) as given,
        clean_middle(given_name) as middle,
        clean_given(preferred_name) as preferred,
        date_of_birth as birth_date,
        gender,
        clean_postcode(postcode) as postcode,
        clean_address(address_line) as address,
        deceased_date,
        first_seen,
        last_seen
    from person_record
)

select
    c.*,
    -- Borne by several people, or a name that is known: not an initial and not a slip of the pen.
    length(c.given) > 1 and (g.name is not null or t.records >= 5) as is_given_in_use,
    -- The first name with its full forms, and those of the name the person goes by.
    case
        when c.given is not null
            then list_distinct(list_concat(
                [c.given],
                coalesce(g.full_names, []),
                case when c.preferred is null then [] else [c.preferred] end,
                coalesce(p.full_names, [])
            ))
    end as given_forms
from cleaned as c
left join term_given as t on c.given = t.given
left join first_name_form as g on c.given = g.name
left join first_name_form as p on c.preferred = p.name;
