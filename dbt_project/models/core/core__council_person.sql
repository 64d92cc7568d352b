{%- set columns = cld_newest_person_columns() -%}
{%- set sources = {'core__council_event': 'event_start_date', 'core__council_carer': 'cast(null as date)'} -%}
-- A person as the council knows them last: the record with the newest event start; a carer record only without one.
with known as (
    {%- for relation, start in sources.items() %}
    select
        record.submitter_id,
        record.person_key,
        {{ start }} as event_start_date,
        {{ loop.index }} as source_rank,
        {%- for column in cld_restricted_columns() %}
        record.has_{{ column }},
        {%- endfor %}
        {%- for column in columns %}
        record.{{ column }},
        {%- endfor %}
        record.record_key
    from {{ ref(relation) }} as record
    inner join {{ ref('core__council_submitter') }} as council
        on
            record.submitter_id = council.submitter_id
            and lower(record.la_code) = lower(council.la_code)
    where record.person_key is not null
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

ranked as (
    select
        *,
        row_number() over (
            partition by submitter_id, person_key
            order by source_rank asc nulls last, event_start_date desc nulls last, record_key asc nulls last
        ) as position
    from known
)

select
    submitter_id,
    person_key,
    {%- for column in cld_restricted_columns() %}
    has_{{ column }},
    {%- endfor %}
    {%- for column in columns %}
    {{ column }},
    {%- endfor %}
    record_key as newest_record_key
from ranked
where position = 1
