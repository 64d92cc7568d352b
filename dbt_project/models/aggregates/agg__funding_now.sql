-- Who pays for the care of each person counted now, over all open services at the location.
with paid as (
    select
        supported.person_key,
        supported.location_id,
        max(supported.care_setting) as care_setting,
        max(supported.record_key) as record_key,
        max(supported.funding_class) as funding_class,
        max(case when service.care_funding_source = 'joint' then 1 else 0 end) as joint,
        max(case when service.care_funding_source = 'local_authority' then 1 else 0 end) as local_authority,
        max(case when service.care_funding_source = 'nhs' then 1 else 0 end) as nhs,
        max(case when service.care_funding_source = 'self_funded' then 1 else 0 end) as self_funded,
        max(case when service.care_funding_source = 'other' then 1 else 0 end) as other
    from {{ ref('agg__person_supported_now') }} as supported
    inner join {{ ref('agg__service_now') }} as service
        on
            supported.person_key = service.person_key
            and supported.location_id = service.location_id
            and service.state = 'open'
    where supported.is_counted
    group by supported.person_key, supported.location_id
)

select
    person_key,
    location_id,
    care_setting,
    record_key,
    funding_class,
    case
        when joint = 1 or (local_authority = 1 and nhs = 1) then 'joint'
        when local_authority = 1 then 'local_authority'
        when nhs = 1 then 'nhs'
        when self_funded = 1 then 'self_funded'
        when other = 1 then 'other'
        else 'not_known'
    end as funding_source
from paid
