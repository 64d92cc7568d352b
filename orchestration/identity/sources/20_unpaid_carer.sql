-- carer_record: one row per unpaid carer a provider knows by name: the newest version. The name is one text:
-- "Family, Given", or given names first with the family name last; a title in front is no name.
create or replace temp table carer_record as
with newest_version as (
    select
        *,
        trim(regexp_replace(
            name, '^\s*(mr|mrs|miss|ms|mx|dr|rev|prof|sir|dame|lady|lord)\.?\s+', '', 'i'
        )) as bare_name
    from loaded_unpaid_carer
    qualify row_number() over (
        partition by _sender_id, record_uid
        order by
            version_number desc nulls last, _as_at desc nulls last, _extract_id desc nulls last,
            _source_row desc nulls last
    ) = 1
)

select
    _sender_id || ':unpaid_carer:' || record_uid as person_record_key,
    _sender_id as sender_id,
    'unpaid_carer' as source_class,
    record_uid as local_person_id,
    nhs_number,
    null::varchar as nhs_number_status,
    case
        when contains(bare_name, ',') then trim(split_part(bare_name, ',', 1))
        when contains(bare_name, ' ') then regexp_extract(bare_name, '(\S+)$', 1)
    end as family_name,
    case
        when contains(bare_name, ',') then trim(split_part(bare_name, ',', 2))
        when contains(bare_name, ' ') then trim(regexp_replace(bare_name, '\S+$', ''))
    end as given_name,
    null::varchar as former_family_name,
    null::varchar as preferred_name,
    date_of_birth,
    null::varchar as gender,
    null::varchar as postcode,
    null::varchar as address_line,
    null::varchar as gp_practice,
    null::date as deceased_date,
    null::date as first_seen,
    null::date as last_seen
from newest_version
where nhs_number is not null or bare_name is not null;
