-- council_row: one row per newest council row that names a person, with the person's details as that row gives them.
create or replace temp table council_row as
with sent as (
    select
        'cld_request' as class,
        *
    from loaded_cld_request
    union all by name
    select
        'cld_assessment' as class,
        *
    from loaded_cld_assessment
    union all by name
    select
        'cld_service' as class,
        *
    from loaded_cld_service
    union all by name
    select
        'cld_review' as class,
        *
    from loaded_cld_review
    union all by name
    select
        'cld_carer' as class,
        *
    from loaded_cld_carer
),

newest_version as (
    select *
    from sent
    qualify row_number() over (
        partition by _sender_id, class, record_uid
        order by
            version_number desc nulls last, _as_at desc nulls last, _extract_id desc nulls last,
            _source_row desc nulls last
    ) = 1
)

select
    r._sender_id as sender_id,
    r.la_person_unique_identifier as local_person_id,
    case
        when r.event_start_date <= cast(r._as_at as date) and coalesce(lower(r.event_status), '') <> 'cancelled'
            then r.event_start_date
    end as begun_date,
    -- Newest first: by event start date, then by the lesser record key; rows without a date last.
    row_number() over (
        partition by r._sender_id, r.la_person_unique_identifier
        order by r.event_start_date desc nulls last, r._record_key asc
    ) as newness,
    nullif(trim(r.nhs_number), '') as nhs_number,
    r.last_name as family_name,
    r.first_name as given_name,
    r.date_of_birth,
    g.comparable as gender,
    r.postcode,
    r.gp_practice_code as gp_practice,
    r.date_of_death as deceased_date
from newest_version as r
left join comparable_gender as g on lower(trim(r.gender)) = g.value
where r.la_person_unique_identifier is not null;
