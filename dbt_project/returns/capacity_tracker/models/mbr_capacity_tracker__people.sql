with supported as (
    select *
    from {{ ref('agg__person_supported_now') }}
),

roles as (
    select
        'people_supported_now' as measure,
        'occupied' as cell_id,
        location_id,
        person_key,
        record_key,
        case when is_counted then 'numerator' else 'excluded' end as role,
        not_counted_reason as reason,
        evidence,
        funding_class
    from supported
    where care_setting = 'care_home'

    union all

    select
        'people_supported_now' as measure,
        'service_users' as cell_id,
        location_id,
        person_key,
        record_key,
        case when is_counted then 'numerator' else 'excluded' end as role,
        not_counted_reason as reason,
        evidence,
        funding_class
    from supported
    where care_setting = 'home_care'

    union all

    select
        'people_supported_now' as measure,
        'users_nhs_la' as cell_id,
        location_id,
        person_key,
        record_key,
        case when funding_class = 'council_or_nhs' then 'numerator' else 'population' end as role,
        case when funding_class = 'council_or_nhs' then null else 'not_funded_by_council_or_nhs' end as reason,
        evidence,
        funding_class
    from supported
    where care_setting = 'home_care' and is_counted

    union all

    select
        'people_supported_now' as measure,
        'users_self' as cell_id,
        location_id,
        person_key,
        record_key,
        case funding_class
            when 'self_funded' then 'numerator'
            when 'council_or_nhs' then 'population'
            else 'excluded'
        end as role,
        case funding_class
            when 'council_or_nhs' then 'funded_by_council_or_nhs'
            when 'not_known' then 'funding_not_known'
        end as reason,
        evidence,
        funding_class
    from supported
    where care_setting = 'home_care' and is_counted

    union all

    select
        'people_expected' as measure,
        'vacant_reserved' as cell_id,
        location_id,
        person_key,
        record_key,
        case when is_expected then 'numerator' else 'excluded' end as role,
        reason,
        evidence,
        cast(null as string) as funding_class
    from {{ ref('agg__person_expected') }}
    where care_setting = 'care_home'

    union all

    select
        'people_supported_now' as measure,
        case when care_setting = 'care_home' then 'occupied' else 'service_users' end as cell_id,
        location_id,
        person_key,
        record_key,
        'excluded' as role,
        'person_not_known' as reason,
        'no person record for the service' as evidence,
        cast(null as string) as funding_class
    from {{ ref('agg__service_now') }}
    where person_key is null and care_setting is not null
)

select
    'capacity_tracker' as return_id,
    roles.location_id as submitter_id,
    roles.measure,
    roles.cell_id,
    roles.person_key,
    roles.record_key as event_key,
    roles.record_key,
    roles.role,
    roles.reason,
    roles.evidence,
    cast(case when roles.role = 'numerator' then 1 else 0 end as decimal(18, 4)) as quantity,
    location.care_setting,
    roles.funding_class
from roles
inner join {{ ref('agg__location_registered_now') }} as location on roles.location_id = location.location_id
