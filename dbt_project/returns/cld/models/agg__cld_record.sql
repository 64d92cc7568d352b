{%- set same_event = [
    'candidate.submitter_id', 'coalesce(candidate.person_key, candidate.person_record_key)', 'candidate.event_type',
    'lower(trim(candidate.client_type))', 'candidate.event_start_date',
    "case when candidate.event_type = 'Service' then cast(null as date) else candidate.event_end_date end",
    'lower(trim(candidate.request_route_of_access))', 'lower(trim(candidate.assessment_type))',
    'lower(trim(candidate.service_type))', 'lower(trim(candidate.service_component))',
    'lower(trim(candidate.delivery_mechanism))', 'cost.unit_cost', 'lower(trim(cost.cost_frequency_unit_type))',
    'cost.planned_units_per_week'
] -%}
-- Whether a record is a row of the file, and if not, why. Rows that say the same event are one row.
with compared as (
    select
        candidate.*,
        min(candidate.record_key) over (
            partition by candidate.reason, {{ same_event | join(', ') }}
        ) as first_record_key
    from {{ ref('agg__cld_candidate') }} as candidate
    left join {{ ref('agg__cld_cost') }} as cost
        on candidate.record_key = cost.service_record_key
),

decided as (
    select
        compared.*,
        case
            when reason is not null then reason
            when record_key <> first_record_key then 'duplicate'
        end as exclusion
    from compared
)

select
    submitter_id,
    record_key,
    person_key,
    la_code,
    client_type,
    event_type,
    event_start_date,
    event_end_date,
    service_type,
    exclusion,
    case exclusion
        when 'another_council' then 'LA Code ' || coalesce(la_code, 'blank')
        when 'cancelled' then 'event status cancelled'
        when 'not_completed'
            then case when event_end_date is null then 'no event end date' else 'event status open' end
        when 'outside_period'
            then
                'event ' || cast(event_start_date as {{ dbt.type_string() }})
                || ' to ' || coalesce(cast(event_end_date as {{ dbt.type_string() }}), 'open')
        when 'out_of_scope_assessment' then 'assessment type ' || assessment_type
        when 'under_18'
            then
                'age ' || cast(age as {{ dbt.type_string() }})
                || ' on ' || cast(age_date as {{ dbt.type_string() }})
        when 'duplicate' then 'same event as ' || first_record_key
    end as evidence
from decided
