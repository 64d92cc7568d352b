-- One person may stand behind several services and several groups: the breakdown says which.
with members as (
    select
        location_id,
        'workplace.UTILISATION' as cell_id,
        person_key,
        record_key,
        coalesce(service_code, 'not_known') as breakdown,
        case
            when not is_open then coalesce(reason, 'not_supported')
            when service_code is null then 'service_type_not_known'
        end as reason,
        'CLD service component ' || coalesce(service_component, 'not recorded') as evidence
    from {{ ref('asc_wds__person_service') }}

    union all

    select
        location_id,
        'workplace.SERVICEUSERS' as cell_id,
        person_key,
        record_key,
        coalesce(user_code, need) as breakdown,
        case
            when age_group is null then 'age_not_known'
            when user_code is null then 'no_code_for_the_need'
        end as reason,
        min(evidence) as evidence
    from {{ ref('asc_wds__person_user_code') }}
    group by location_id, person_key, record_key, user_code, need, age_group
)

select
    'asc_wds' as return_id,
    members.location_id as submitter_id,
    case members.cell_id when 'workplace.UTILISATION' then 'people_by_service' else 'people_by_need' end as measure,
    members.cell_id,
    members.person_key,
    members.record_key as event_key,
    members.record_key,
    case when members.reason is null then 'numerator' else 'excluded' end as role,
    members.reason,
    members.evidence,
    cast(case when members.reason is null then 1 else 0 end as decimal(18, 4)) as quantity,
    members.breakdown
from members
inner join {{ ref('agg__location_registered_now') }} as location on members.location_id = location.location_id
