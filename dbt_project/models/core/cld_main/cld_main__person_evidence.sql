-- What each record says of its person, and how recent it is among the person's records (1 = latest).
select
    event.la_code,
    event.person_key,
    event.person_id,
    event.der_unique_record_id,
    event.la_person_unique_identifier,
    event.ref_period_end_date,
    event.death_date,
    coalesce(event.der_birth_year, 0) * 100 + coalesce(event.der_birth_month, 0) as birth_code,
    event.der_birth_year is not null and event.der_birth_month is not null as birth_is_known,
    {%- for name in person_attributes() %}
    value_{{ name }}.value_id as {{ name }}_value,
    value_{{ name }}.distance as {{ name }}_distance,
    {%- endfor %}
    cast(dense_rank() over (
        partition by event.la_code, event.person_key
        order by
            event.ref_period_end_date desc nulls last,
            coalesce(event.der_event_end_date, cast('9999-01-01' as date)) desc nulls last,
            event.event_start_date desc nulls last
    ) as bigint) as recency
from {{ ref('cld_main__event') }} as event
{% for name in person_attributes() -%}
inner join {{ ref('cld_main__person_value') }} as value_{{ name }}
    on value_{{ name }}.field = '{{ name }}' and coalesce(event.{{ name }}_label, 0) = value_{{ name }}.label_id
{% endfor -%}
where event.submission_set = 'joined'
