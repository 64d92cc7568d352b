-- One row per carer supported in the period, in the best category. A direct service without a component falls
-- through every official test unless it is a direct payment; the switch lets it through.
with active as (
    select
        variant.variant,
        period.period_id,
        period.reporting_period,
        event.la_code, event.la_name, event.person_key, person.person_id, event.la_person_unique_identifier,
        event.der_unique_record_id, event.measured_type,
        event.service_type, event.service_component, event.delivery_mechanism,
        coalesce(event.event_outcome, 'invalid and not mapped') = 'nfa: information and advice or signposting'
            as was_informed,
        case
            when event.service_component is null then variant.blank_component_3d_carers
            else event.service_component <> 'direct payment'
        end as is_other_component,
        {{ official_age('person.der_birth_date', 'period.period_end') }} as age
    from {{ ref('ascof__event') }} as event
    inner join {{ ref('ascof__variant') }} as variant
        on variant.variant in ('official', 'blank_component_3d_carers')
    inner join {{ ref('stg_cld__method_period') }} as period
        on
            period.family = 'year'
            and event.event_start_date <= period.period_end
            and event.event_end_date >= period.period_start
    inner join {{ ref('cld_main__person_attribute') }} as person
        on event.la_code = person.la_code and event.person_key = person.person_key
    where
        event.client_type in (
            'carer', 'unpaid carer', 'carer known by association', 'unpaid carer known by association'
        )
        and event.ends_after_start
        and (person.death_date is null or person.death_date >= period.period_start)
        and (
            event.service_type in (
                'unpaid carer support: direct to unpaid carer',
                'unpaid carer support: support involving the person cared-for'
            )
            or (
                event.service_type is null
                and (
                    event.event_outcome = 'nfa: information and advice or signposting'
                    or event.measured_type in ('assessment', 'review')
                )
            )
        )
),

categorised as (
    select
        *,
        case
            when service_type = 'unpaid carer support: direct to unpaid carer'
                then case
                    when delivery_mechanism = 'direct payment' or service_component = 'direct payment'
                        then 'Direct Payment only'
                    when not is_other_component then null
                    when delivery_mechanism = 'cassr managed personal budget' then 'CASSR Managed Personal Budget'
                    when delivery_mechanism = 'cassr commissioned support' then 'CASSR Commissioned Support only'
                    else 'Support Direct to Carer: Unknown Delivery Mech'
                end
            when service_type is not null then 'No Direct Support Provided to Carer'
            when measured_type in ('assessment', 'review') and not was_informed
                then 'No Direct Support Provided to Carer'
            when measured_type in ('assessment', 'review', 'request')
                then 'Information, Advice and Other Universal Services / Signposting'
        end as support_provided
    from active
),

ranked as (
    select
        categorised.*,
        support.rank as support_rank,
        min(support.rank) over (
            partition by categorised.variant, categorised.period_id, categorised.la_code, categorised.person_key
        ) as person_rank
    from categorised
    left join {{ ref('stg_cld__method_list') }} as support
        on support.list = 'carer_support_3d' and categorised.support_provided = support.label
),

kept as (
    select
        variant,
        period_id,
        reporting_period,
        la_code,
        person_key,
        support_provided,
        support_rank,
        age,
        {{ same_text('la_person_unique_identifier') }} as local_id_key,
        min(la_person_unique_identifier) as local_id,
        min(person_id) as person_id,
        min(la_name) as la_name,
        min(der_unique_record_id) as first_record_id
    from ranked
    where support_rank = person_rank or (person_rank is null and support_rank is null)
    group by
        variant, period_id, reporting_period, la_code, person_key, support_provided, support_rank, age,
        {{ same_text('la_person_unique_identifier') }}
)

select
    variant,
    period_id,
    reporting_period,
    la_code,
    min(la_name) as la_name,
    person_key,
    min(person_id) as person_id,
    min(first_record_id) as first_record_id,
    support_rank,
    support_provided,
    age,
    {{ working_age_band_of('age') }} as age_band,
    {{ joined_texts('local_id', 'local_id_key') }} as local_ids
from kept
group by variant, period_id, reporting_period, la_code, person_key, support_provided, support_rank, age
