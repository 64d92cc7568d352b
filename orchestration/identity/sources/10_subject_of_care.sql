-- provider_record: one row per person in a provider's system: the newest version of the newest record of the person.
-- Activity is known from the services that were begun for the person.
create or replace temp table provider_record as
with newest_version as (
    select *
    from loaded_subject_of_care
    qualify row_number() over (
        partition by _sender_id, record_uid
        order by
            version_number desc nulls last, _as_at desc nulls last, _extract_id desc nulls last,
            _source_row desc nulls last
    ) = 1
),

newest_record as (
    select *
    from newest_version
    qualify row_number() over (
        partition by _sender_id, subject_of_care_id
        order by _as_at desc nulls last, version_number desc nulls last, record_uid desc nulls last
    ) = 1
),

begun as (
    select
        _sender_id,
        subject_of_care,
        min(service_start_date) as first_seen,
        max(service_start_date) as last_seen
    from loaded_service
    where
        service_start_date <= cast(_as_at as date)
        and coalesce(lower(status), '') not in ('planned', 'entered-in-error')
    group by _sender_id, subject_of_care
)

select
    s._sender_id || ':' || s.subject_of_care_id as person_record_key,
    s._sender_id as sender_id,
    'subject_of_care' as source_class,
    s.subject_of_care_id as local_person_id,
    s.nhs_number,
    s.nhs_number_status_indicator as nhs_number_status,
    s.person_family_name as family_name,
    s.person_first_name as given_name,
    s.person_former_family_name as former_family_name,
    s.person_preferred_name as preferred_name,
    s.date_of_birth,
    coalesce(sex.comparable, identity.comparable) as gender,
    s.postcode,
    s.address_line_1 as address_line,
    s.gp_practice_identifier as gp_practice,
    s.deceased_date,
    b.first_seen,
    b.last_seen
from newest_record as s
left join comparable_gender as sex on lower(trim(s.sex)) = sex.value
left join comparable_gender as identity on lower(trim(s.gender_identity)) = identity.value
left join begun as b on s._sender_id = b._sender_id and s.subject_of_care_id = b.subject_of_care;
