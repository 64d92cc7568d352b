with supported as (
    select *
    from {{ ref('agg__person_supported_now') }}
),

banded as (
    select *
    from {{ ref('agg__band_now') }}
    where is_counted
),

decided as (
    select
        supported.location_id,
        supported.person_key,
        min(decision.record_key) as record_key,
        case decision.decision_kind when 'resuscitation' then 'cpr_decision' else 'advance_plan' end as decision
    from supported
    inner join {{ ref('core__future_care_decision') }} as decision on supported.person_key = decision.person_key
    inner join {{ ref('core__submitter_sender') }} as own
        on supported.location_id = own.submitter_id and decision.sender_id = own.sender_id
    cross join {{ ref('stg_run__parameters') }} as run
    where supported.is_counted and (decision.decided_on is null or decision.decided_on <= run.as_at_date)
    group by
        supported.location_id,
        supported.person_key,
        case decision.decision_kind when 'resuscitation' then 'cpr_decision' else 'advance_plan' end
)

select
    'people_now' as cell_id,
    location_id,
    person_key,
    record_key,
    case when is_counted then 'numerator' else 'excluded' end as role,
    not_counted_reason as reason,
    evidence
from supported

union all

select
    'dependencies.' || band as cell_id,
    location_id,
    person_key,
    record_key,
    'numerator' as role,
    cast(null as string) as reason,
    evidence
from banded

union all

select
    case band when 'older_people' then 'age_bands.65_and_over' else 'age_bands.18_to_64' end as cell_id,
    location_id,
    person_key,
    record_key,
    'numerator' as role,
    cast(null as string) as reason,
    evidence
from banded
where band in ('older_people', 'younger_adults')

union all

select
    'dnacpr.' || decision as cell_id,
    location_id,
    person_key,
    record_key,
    'numerator' as role,
    cast(null as string) as reason,
    'decision recorded' as evidence
from decided

union all

select
    'dols_now.' || state as cell_id,
    location_id,
    person_key,
    record_key,
    case when person_is_counted then 'numerator' else 'excluded' end as role,
    case when not person_is_counted then 'not_supported_now' end as reason,
    evidence
from {{ ref('agg__deprivation_of_liberty_now') }}
where state in ('in_force', 'awaiting_outcome') and location_id is not null

union all

select
    'commissioners.' || funding_source as cell_id,
    location_id,
    person_key,
    record_key,
    'numerator' as role,
    cast(null as string) as reason,
    'care_funding_source ' || funding_source as evidence
from {{ ref('agg__funding_now') }}

union all

select
    'by_setting.' || setting as cell_id,
    location_id,
    person_key,
    record_key,
    'numerator' as role,
    cast(null as string) as reason,
    evidence
from {{ ref('agg__setting_now') }}
where care_setting = 'home_care' and setting in ('domiciliary', 'supported_living', 'extra_care')
