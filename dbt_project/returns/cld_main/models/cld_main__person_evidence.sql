-- What each record says of its person, and how recent it is among the person's records (1 = latest).
select
    la_code,
    person_key,
    person_id,
    der_unique_record_id,
    la_person_unique_identifier,
    ref_period_end_date,
    event_start_date,
    coalesce(der_event_end_date, cast('9999-01-01' as date)) as event_end_date,
    death_date,
    coalesce(der_birth_year, 0) * 100 + coalesce(der_birth_month, 0) as birth_code,
    der_birth_year is not null and der_birth_month is not null as birth_is_known,
    {%- for name, attribute in person_attributes().items() %}
    {{ attribute.value }} as {{ name }},
    {{ attribute.distance }} as {{ name }}_distance,
    {%- endfor %}
    dense_rank() over (
        partition by la_code, person_key
        order by
            ref_period_end_date desc,
            coalesce(der_event_end_date, cast('9999-01-01' as date)) desc,
            event_start_date desc
    ) as recency
from {{ ref('cld_main__event') }}
where submission_set = 'joined'
