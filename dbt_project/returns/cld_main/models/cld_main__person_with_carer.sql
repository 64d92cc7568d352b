-- A person named on the row of an unpaid carer who was active in the period has an unpaid carer.
with carer_row as (
    select
        period.period_id,
        event.la_code,
        event.adult_1_linked_person_id_key,
        event.adult_2_linked_person_id_key,
        event.adult_3_linked_person_id_key
    from {{ ref('cld_main__event') }} as event
    inner join {{ ref('stg_cld__method_period') }} as period
        on
            period.family = 'year'
            and coalesce(event.der_event_end_date, cast('9999-01-01' as date)) >= period.period_start
            and event.event_start_date <= period.period_end
    where
        event.submission_set = 'joined'
        and {{ is_label('event.client_type_cleaned', ['Unpaid carer', 'Unpaid carer known by association']) }}
),

named as (
    {%- for n in [1, 2, 3] %}
    select period_id, la_code, adult_{{ n }}_linked_person_id_key as local_id_key from carer_row
    where adult_{{ n }}_linked_person_id_key is not null
    {{ 'union' if not loop.last }}
    {%- endfor %}
)

select distinct
    named.period_id,
    named.la_code,
    evidence.person_key
from named
inner join {{ ref('cld_main__person_evidence') }} as evidence
    on
        named.la_code = evidence.la_code
        and named.local_id_key = {{ same_text('evidence.la_person_unique_identifier') }}
