-- Who has no known accommodation is placed by the latest service, where that tells where a person lives.
with service as (
    select
        person.la_code,
        person.person_key,
        service_type.label_key as service_key,
        component.label_key as component_key,
        service_rank.rank as service_rank,
        telling.label_key is not null as tells_home,
        cast(dense_rank() over (
            partition by person.la_code, person.person_key
            order by
                coalesce(event.der_event_end_date, cast('9999-01-01' as date)) desc nulls last,
                coalesce(service_rank.rank, 99) asc nulls last,
                case when telling.label_key is not null then 1 else 0 end desc nulls last,
                event.event_start_date desc nulls last
        ) as bigint) as position
    from {{ ref('cld_main__person_attribute') }} as person
    inner join {{ ref('cld_main__event') }} as event
        on
            person.la_code = event.la_code
            and person.person_key = event.person_key
            and event.submission_set = 'joined'
    inner join {{ ref('cld_main__event_type') }} as event_type
        on event.event_type = event_type.event_type and event_type.measured_type = 'service'
    left join {{ ref('cld_main__label') }} as service_type
        on service_type.kind = 'label' and event.service_type_label = service_type.label_id
    left join {{ ref('cld_main__label') }} as component
        on component.kind = 'label' and event.service_component_label = component.label_id
    left join {{ ref('stg_cld__method_list') }} as service_rank
        on service_rank.list = 'service_rank' and service_type.label_key = service_rank.label_key
    left join {{ ref('stg_cld__method_list') }} as telling
        on telling.list = 'accommodation_component' and component.label_key = telling.label_key
    where {{ same_text('person.accommodation_status') }} = 'unknown'
),

useful as (
    select
        la_code,
        person_key,
        case
            when
                min(case when service_rank is not null then service_key end)
                = max(case when service_rank is not null then service_key end)
                then min(case when service_rank is not null then service_key end)
        end as service_key,
        case
            when min(case when tells_home then component_key end) = max(case when tells_home then component_key end)
                then min(case when tells_home then component_key end)
        end as component_key
    from service
    where position = 1
    group by la_code, person_key
),

placed as (
    select
        useful.la_code,
        useful.person_key,
        case
            when by_service.second_label is not null then by_service.second_label
            when by_component.second_label is not null then by_component.second_label
            when
                useful.service_key = 'long term support: community'
                and useful.component_key = 'home support or domiciliary care' then 'Unknown: Presumed at home'
            when
                useful.service_key = 'long term support: community'
                and useful.component_key is null then 'Unknown: Presumed in community'
            when useful.service_key = 'long term support: prison'
                then 'Prison, young offenders institution or detention centre'
            else 'Unknown'
        end as accommodation_status
    from useful
    left join {{ ref('stg_cld__method_list') }} as by_service
        on by_service.list = 'accommodation_service' and useful.service_key = by_service.label_key
    left join {{ ref('stg_cld__method_list') }} as by_component
        on by_component.list = 'accommodation_component' and useful.component_key = by_component.label_key
)

select
    person.la_code,
    person.person_key,
    person.accommodation_status as stated_accommodation_status,
    coalesce(placed.accommodation_status, person.accommodation_status) as accommodation_status,
    cast(accommodation.flag as integer) as accommodation_status_group
from {{ ref('cld_main__person_attribute') }} as person
left join placed on person.la_code = placed.la_code and person.person_key = placed.person_key
left join {{ ref('stg_cld__method_list') }} as accommodation
    on
        accommodation.list = 'accommodation'
        and {{ same_text('coalesce(placed.accommodation_status, person.accommodation_status)') }}
        = accommodation.label_key
