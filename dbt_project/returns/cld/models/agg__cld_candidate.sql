-- Every record that could be a row of the file, with the first reason against it that does not need other rows.
with run as (
    select
        period_start,
        period_end
    from {{ ref('stg_run__return') }}
    where return_id = 'cld'
),

record as (
    select
        submitter_id,
        record_key,
        person_key,
        person_record_key,
        la_code,
        client_type,
        event_type,
        event_start_date,
        event_end_date,
        event_status,
        request_route_of_access,
        assessment_type,
        service_type,
        service_component,
        delivery_mechanism
    from {{ ref('core__council_event') }}
    union all
    select
        submitter_id,
        record_key,
        person_key,
        person_record_key,
        la_code,
        client_type,
        cast(null as {{ dbt.type_string() }}) as event_type,
        cast(null as date) as event_start_date,
        cast(null as date) as event_end_date,
        cast(null as {{ dbt.type_string() }}) as event_status,
        cast(null as {{ dbt.type_string() }}) as request_route_of_access,
        cast(null as {{ dbt.type_string() }}) as assessment_type,
        cast(null as {{ dbt.type_string() }}) as service_type,
        cast(null as {{ dbt.type_string() }}) as service_component,
        cast(null as {{ dbt.type_string() }}) as delivery_mechanism
    from {{ ref('core__council_carer') }}
    where {{ cld_says('client_type', 'Unpaid carer known by association') }}
),

dated as (
    select
        record.*,
        council.la_code as council_la_code,
        run.period_start,
        run.period_end,
        case when record.event_end_date < run.period_end then record.event_end_date else run.period_end end as age_date,
        person.birth_date
    from record
    inner join {{ ref('core__council_submitter') }} as council
        on record.submitter_id = council.submitter_id
    left join {{ ref('core__person') }} as person
        on record.person_key = person.person_key
    cross join run
),

aged as (
    select
        dated.*,
        {{ age_at('birth_date', 'age_date') }} as age
    from dated
)

select
    aged.submitter_id,
    aged.record_key,
    aged.person_key,
    aged.person_record_key,
    aged.la_code,
    aged.client_type,
    aged.event_type,
    aged.event_start_date,
    aged.event_end_date,
    aged.event_status,
    aged.request_route_of_access,
    aged.assessment_type,
    aged.service_type,
    aged.service_component,
    aged.delivery_mechanism,
    aged.age_date,
    aged.age,
    case
        when lower(aged.la_code) <> lower(aged.council_la_code) or aged.la_code is null then 'another_council'
        when aged.event_status = 'cancelled' then 'cancelled'
        when
            aged.event_type in ('Request', 'Assessment', 'Review')
            and (aged.event_end_date is null or aged.event_status = 'open')
            then 'not_completed'
        when
            aged.event_type in ('Request', 'Assessment', 'Review')
            and (aged.event_end_date < aged.period_start or aged.event_end_date > aged.period_end)
            then 'outside_period'
        when
            aged.event_type = 'Service'
            and (aged.event_start_date > aged.period_end or aged.event_end_date < aged.period_start)
            then 'outside_period'
        when out_of_scope.code is not null then 'out_of_scope_assessment'
        when aged.age < 18 then 'under_18'
    end as reason
from aged
left join {{ ref('core__return_code') }} as out_of_scope
    on
        aged.event_type = 'Assessment'
        and out_of_scope.return_id = 'cld'
        and out_of_scope.code_set = 'out_of_scope_assessment'
        and lower(trim(aged.assessment_type)) = lower(out_of_scope.code)
