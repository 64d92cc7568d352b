-- One row per person with long-term support on the last day of the period, in the highest setting they have.
with snapshot as (
    select
        period.period_id,
        period.reporting_period,
        event.la_code,
        event.la_name,
        event.person_key,
        person.person_id,
        event.la_person_unique_identifier,
        event.der_unique_record_id,
        event.service_type,
        event.service_component,
        case when event.service_component = 'direct payment' then 'direct payment' else event.delivery_mechanism end
            as delivery_mechanism,
        {{ official_age('person.der_birth_date', 'period.period_end') }} as age
    from {{ ref('ascof__event') }} as event
    inner join {{ ref('stg_cld__method_list') }} as long_term
        on long_term.list = 'long_term_service' and event.service_type = long_term.label_key
    inner join {{ ref('stg_cld__method_period') }} as period
        on
            period.family = 'year'
            and event.event_start_date <= period.period_end
            and event.event_end_date >= period.period_end
    inner join {{ ref('cld_main__person_attribute') }} as person
        on event.la_code = person.la_code and event.person_key = person.person_key
    where
        event.client_type = 'service user'
        and event.ends_after_start
        and (person.death_date is null or person.death_date >= period.period_end)
),

ranked as (
    select
        snapshot.*,
        coalesce(with_mechanism.second_label_key, '') as used_mechanism,
        coalesce(with_mechanism.rank, blank.rank) as setting_rank
    from snapshot
    left join {{ ref('stg_cld__method_list') }} as with_mechanism
        on
            with_mechanism.list = 'client_setting_3d'
            and snapshot.service_type = with_mechanism.label_key
            and trim(snapshot.delivery_mechanism) = with_mechanism.second_label_key
    left join {{ ref('stg_cld__method_list') }} as blank
        on
            blank.list = 'client_setting_3d'
            and snapshot.service_type = blank.label_key
            and blank.second_label_key is null
),

highest as (
    select
        *,
        min(setting_rank) over (partition by period_id, la_code, person_key) as person_rank
    from ranked
),

kept as (
    select
        period_id,
        reporting_period,
        la_code,
        person_key,
        person_rank,
        age,
        service_type,
        service_component,
        used_mechanism,
        {{ same_text('la_person_unique_identifier') }} as local_id_key,
        min(la_person_unique_identifier) as local_id,
        min(person_id) as person_id,
        min(la_name) as la_name,
        min(der_unique_record_id) as first_record_id
    from highest
    where setting_rank = person_rank
    group by
        period_id, reporting_period, la_code, person_key, person_rank, age, service_type, service_component,
        used_mechanism, {{ same_text('la_person_unique_identifier') }}
)

select
    period_id,
    reporting_period,
    la_code,
    min(la_name) as la_name,
    person_key,
    min(person_id) as person_id,
    min(first_record_id) as first_record_id,
    person_rank as setting_rank,
    min(service_type) as service_type,
    age,
    {{ working_age_band_of('age') }} as age_band,
    {{ joined_texts('local_id', 'local_id_key') }} as local_ids
from kept
group by period_id, reporting_period, la_code, person_key, person_rank, age
