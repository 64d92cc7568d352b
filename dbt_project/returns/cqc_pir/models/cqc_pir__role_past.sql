select
    'deaths' as cell_id,
    location_id,
    person_key,
    record_key,
    case when was_supported then 'numerator' else 'excluded' end as role,
    case when not was_supported then 'not_supported_at_death' end as reason,
    evidence
from {{ ref('agg__death') }} as death
inner join {{ ref('stg_run__return') }} as run_return
    on
        run_return.return_id = 'cqc_pir'
        and death.death_date >= run_return.period_start
        and death.death_date <= run_return.period_end

union all

select
    'admissions' as cell_id,
    location_id,
    person_key,
    record_key,
    'numerator' as role,
    cast(null as string) as reason,
    evidence
from {{ ref('agg__service_start') }} as begun
inner join {{ ref('stg_run__return') }} as run_return
    on
        run_return.return_id = 'cqc_pir'
        and begun.started_on >= run_return.period_start
        and begun.started_on <= run_return.period_end

union all

select
    case reason_set.value_set when 'notice_other' then 'notice_other' else 'notice_needs' end as cell_id,
    location_id,
    person_key,
    record_key,
    'numerator' as role,
    cast(null as string) as reason,
    'service_end_date ' || cast(service_end_date as string) as evidence
from {{ ref('core__service_episode') }} as service
inner join {{ ref('core__value_set') }} as reason_set
    on
        lower(trim(service.end_reason)) = reason_set.code
        and reason_set.code_list = 'end_reason'
        and reason_set.value_set in ('notice_needs_changed', 'notice_other')
inner join {{ ref('stg_run__return') }} as run_return
    on
        run_return.return_id = 'cqc_pir'
        and service.service_end_date >= run_return.period_start
        and service.service_end_date <= run_return.period_end
where service.person_key is not null and not service.entered_in_error
