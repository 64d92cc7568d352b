{%- set supported_by_council = [
    'long term support: nursing care', 'long term support: residential care', 'long term support: prison',
    'long term support: community'
] %}
with provided as (
    select
        supported.person_key,
        case when supported.care_setting = 'care_home' then 'care_home' else setting.setting end as setting_code,
        funding.funding_source,
        coalesce(location.location_name, supported.location_id) as place,
        row_number() over (
            partition by supported.person_key
            order by
                case supported.care_setting when 'care_home' then 1 when 'home_care' then 2 else 3 end asc nulls last,
                supported.location_id asc nulls last
        ) as says_most
    from {{ ref('agg__person_supported_now') }} as supported
    left join {{ ref('agg__setting_now') }} as setting
        on supported.person_key = setting.person_key and supported.location_id = setting.location_id
    left join {{ ref('agg__funding_now') }} as funding
        on supported.person_key = funding.person_key and supported.location_id = funding.location_id
    left join {{ ref('core__location') }} as location on supported.location_id = location.location_id
    where supported.is_counted
),

commissioned as (
    select
        event.person_key,
        event.submitter_id,
        event.service_type,
        event.primary_support_reason,
        event.client_funding_status,
        event.delivery_mechanism,
        row_number() over (
            partition by event.person_key
            order by
                case lower(event.service_type)
                    {% for type in supported_by_council %}
                    when '{{ type }}' then {{ loop.index }}
                    {% endfor %}
                    else {{ supported_by_council | length + 1 }}
                end asc nulls last,
                event.event_start_date desc nulls last,
                event.record_key asc nulls last
        ) as says_most
    from {{ ref('core__council_event') }} as event
    cross join {{ ref('stg_run__parameters') }} as run
    where
        event.event_type = 'Service'
        and event.client_type = 'Service user'
        and event.person_key is not null
        and coalesce(event.event_status, 'not recorded') <> 'cancelled'
        and event.event_start_date <= run.as_at_date
        and (event.event_end_date is null or event.event_end_date > run.as_at_date)
),

carers as (
    select
        carer.person_key,
        carer.submitter_id,
        carer.client_type,
        carer.total_hrs_caring_per_week,
        row_number() over (
            partition by carer.person_key
            order by
                case carer.client_type when 'Unpaid carer' then 1 else 2 end asc nulls last,
                carer.total_hrs_caring_per_week asc nulls last,
                carer.record_key asc nulls last
        ) as says_most
    from {{ ref('core__council_carer') }} as carer
    where carer.person_key is not null and carer.client_type like 'Unpaid carer%'
),

viewed as (
    select
        'providers' as view_id,
        person_key,
        cast(null as string) as submitter_id,
        coalesce(setting_code, 'not_known') as setting,
        coalesce(funding_source, 'not_known') as funding,
        cast(null as string) as need,
        cast(null as string) as arrangement,
        place,
        cast(null as string) as hours_caring
    from provided
    where says_most = 1

    union all

    select
        'council' as view_id,
        person_key,
        submitter_id,
        coalesce(service_type, 'not_known') as setting,
        coalesce(client_funding_status, 'not_known') as funding,
        coalesce(primary_support_reason, 'not_known') as need,
        coalesce(delivery_mechanism, 'not_known') as arrangement,
        cast(null as string) as place,
        cast(null as string) as hours_caring
    from commissioned
    where says_most = 1

    union all

    select
        'carers' as view_id,
        person_key,
        submitter_id,
        client_type as setting,
        cast(null as string) as funding,
        cast(null as string) as need,
        cast(null as string) as arrangement,
        cast(null as string) as place,
        coalesce(total_hrs_caring_per_week, 'not_known') as hours_caring
    from carers
    where says_most = 1
)

select
    viewed.view_id,
    viewed.person_key,
    viewed.submitter_id,
    viewed.setting,
    viewed.funding,
    viewed.need,
    viewed.arrangement,
    viewed.place,
    viewed.hours_caring
from viewed
left join {{ ref('core__person') }} as person on viewed.person_key = person.person_key
cross join {{ ref('stg_run__parameters') }} as run
where person.death_date is null or person.death_date > run.as_at_date
