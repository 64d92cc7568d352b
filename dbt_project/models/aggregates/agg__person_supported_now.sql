with services as (
    select
        *,
        min(state_rank) over (partition by person_key, location_id) as best_rank
    from {{ ref('agg__service_now') }}
    where person_key is not null and location_id is not null
),

people as (
    select
        person_key,
        location_id,
        max(care_setting) as care_setting,
        max(case when state_rank = best_rank then state end) as state,
        min(case when state_rank = best_rank then record_key end) as record_key,
        min(case when state_rank = best_rank then service_start_date end) as service_start_date,
        max(case when state_rank = best_rank then service_end_date end) as service_end_date,
        max(discharged_on) as discharged_on,
        count(case when state = 'open' then 1 end) as open_services,
        count(distinct case when state = 'open' then person_record_key end) as open_records,
        max(case when state = 'open' and may_be_regulated then 1 else 0 end) = 1 as may_be_regulated,
        max(
            case when state = 'open' and care_funding_source in ('local_authority', 'nhs', 'joint') then 1 else 0 end
        ) = 1 as council_or_nhs_funded,
        max(case when state = 'open' and care_funding_source = 'self_funded' then 1 else 0 end) = 1 as self_funded
    from services
    group by person_key, location_id
),

judged as (
    select
        people.*,
        person.death_date,
        case
            when people.state <> 'open' then people.state
            when person.death_date <= run.as_at_date then 'died'
        end as reason
    from people
    cross join {{ ref('stg_run__parameters') }} as run
    left join {{ ref('core__person') }} as person on people.person_key = person.person_key
)

select
    person_key,
    location_id,
    care_setting,
    reason is null as is_supported,
    reason,
    reason is null and (coalesce(care_setting, 'not recorded') <> 'home_care' or may_be_regulated) as is_counted,
    case
        when reason is not null then reason
        when care_setting = 'home_care' and not may_be_regulated then 'not_regulated_care'
    end as not_counted_reason,
    record_key,
    service_start_date,
    open_services,
    open_records,
    may_be_regulated,
    case
        when reason is not null then null
        when council_or_nhs_funded then 'council_or_nhs'
        when self_funded then 'self_funded'
        else 'not_known'
    end as funding_class,
    'service_start_date ' || coalesce(cast(service_start_date as string), 'not recorded')
    || case reason
        when 'ended' then ', service_end_date ' || cast(service_end_date as string)
        when 'discharged' then ', discharged ' || cast(discharged_on as string)
        when 'died' then ', death_date ' || cast(death_date as string)
        else ''
    end as evidence
from judged
