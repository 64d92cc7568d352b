-- One row per person: long-term support at any time in the period, aged at the end of the latest of it.
with supported as (
    select
        period.period_id,
        period.reporting_period,
        period.period_start,
        event.la_code,
        event.person_key,
        min(event.la_name) as la_name,
        min(event.der_unique_record_id) as first_record_id,
        max(least(event.event_end_date, period.period_end)) as last_day
    from {{ ref('ascof__event') }} as event
    inner join {{ ref('stg_cld__method_list') }} as long_term
        on long_term.list = 'long_term_service' and event.service_type = long_term.label_key
    inner join {{ ref('stg_cld__method_period') }} as period
        on
            period.family = 'year'
            and event.event_start_date <= period.period_end
            and event.event_end_date >= period.period_start
    where event.client_type = 'service user' and event.measured_type = 'service' and event.ends_after_start
    group by period.period_id, period.reporting_period, period.period_start, event.la_code, event.person_key
),

local_id as (
    select
        period_id,
        la_code,
        person_key,
        {{ joined_texts('local_id', 'local_id_key') }} as local_ids
    from (
        select
            period.period_id,
            event.la_code,
            event.person_key,
            {{ same_text('event.la_person_unique_identifier') }} as local_id_key,
            min(event.la_person_unique_identifier) as local_id
        from {{ ref('ascof__event') }} as event
        inner join {{ ref('stg_cld__method_list') }} as long_term
            on long_term.list = 'long_term_service' and event.service_type = long_term.label_key
        inner join {{ ref('stg_cld__method_period') }} as period
            on
                period.family = 'year'
                and event.event_start_date <= period.period_end
                and event.event_end_date >= period.period_start
        where event.client_type = 'service user' and event.measured_type = 'service' and event.ends_after_start
        group by
            period.period_id, event.la_code, event.person_key,
            {{ same_text('event.la_person_unique_identifier') }}
    ) as id
    group by period_id, la_code, person_key
)

select
    supported.period_id,
    supported.reporting_period,
    supported.la_code,
    supported.la_name,
    supported.person_key,
    person.person_id,
    supported.first_record_id,
    supported.last_day,
    local_id.local_ids,
    person.gender,
    {{ is_label('person.primary_support_reason', 'Learning Disability Support') }} as has_learning_disability,
    home.accommodation_status,
    accommodation.label_key is null or accommodation.label_key like 'unknown%' as accommodation_is_unknown,
    coalesce(accommodation.flag = '1', false) as is_settled,
    {{ official_age('person.der_birth_date', 'supported.last_day') }} as age,
    {{ person_age_band_of(official_age('person.der_birth_date', 'supported.last_day')) }} as age_band,
    coalesce(person.death_date < supported.period_start, false) as died_before_period
from supported
inner join local_id
    on
        supported.period_id = local_id.period_id
        and supported.la_code = local_id.la_code
        and supported.person_key = local_id.person_key
inner join {{ ref('cld_main__person_attribute') }} as person
    on supported.la_code = person.la_code and supported.person_key = person.person_key
inner join {{ ref('cld_main__person_home') }} as home
    on supported.la_code = home.la_code and supported.person_key = home.person_key
left join {{ ref('stg_cld__method_list') }} as accommodation
    on accommodation.list = 'accommodation' and {{ same_text('home.accommodation_status') }} = accommodation.label_key
