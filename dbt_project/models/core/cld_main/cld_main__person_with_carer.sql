-- A person named on the row of an unpaid carer who was active in the period has an unpaid carer.
with carer_row as (
    select
        {%- for n in [1, 2, 3] %}
        {{ submitted_key('event.adult_' ~ n ~ '_linked_person_id') }} as local_id_{{ n }},
        {%- endfor %}
        period.period_id,
        event.la_code
    from {{ ref('cld_main__event') }} as event
    cross join {{ ref('stg_cld__method_run') }} as run
    inner join {{ ref('cld_main__label') }} as client_type
        on client_type.kind = 'label' and event.client_type_label = client_type.label_id
    inner join {{ ref('stg_cld__method_period') }} as period
        on
            period.family = 'year'
            and coalesce(event.der_event_end_date, cast('9999-01-01' as date)) >= period.period_start
            and event.event_start_date <= period.period_end
    where
        event.submission_set = 'joined'
        and client_type.label_key in ('unpaid carer', 'unpaid carer known by association')
),

named as (
    {%- for n in [1, 2, 3] %}
    select period_id, la_code, local_id_{{ n }} as local_id_key from carer_row
    where local_id_{{ n }} is not null
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
