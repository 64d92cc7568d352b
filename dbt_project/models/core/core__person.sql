{%- set attributes = {
    'sex': "'X'",
    'gender_identity': "'X', 'Z'",
    'ethnicity': "'Z', '99'"
} %}
with records as (
    select
        link.person_key,
        own.extract_as_at,
        own.version_number,
        own.record_key,
        own.sex,
        own.gender_identity,
        own.ethnicity
    from {{ ref('stg_mods__subject_of_care') }} as own
    inner join {{ ref('stg_identity__link') }} as link on own.person_record_key = link.person_record_key
),
{% for attribute, not_known in attributes.items() %}
{{ attribute }}_ranked as (
    select
        person_key,
        {{ attribute }},
        row_number() over (
            partition by person_key
            order by extract_as_at desc nulls last, version_number desc nulls last, record_key asc nulls last
        ) as newest_first
    from records
    where {{ attribute }} is not null and {{ attribute }} not in ({{ not_known }})
),

{{ attribute }}_known as (
    select
        person_key,
        max(case when newest_first = 1 then {{ attribute }} end) as {{ attribute }},
        count(distinct {{ attribute }}) as known_values
    from {{ attribute }}_ranked
    group by person_key
){{ "," if not loop.last }}
{% endfor %}
select
    person.person_key,
    person.person_kind,
    person.birth_date,
    person.death_date,
    person.death_source,
    {% for attribute in attributes %}
    {{ attribute }}_known.{{ attribute }},
    coalesce({{ attribute }}_known.known_values > 1, false) as {{ attribute }}_conflict,
    {% endfor %}
    person.records
from {{ ref('stg_identity__person') }} as person
{% for attribute in attributes %}
left join {{ attribute }}_known on person.person_key = {{ attribute }}_known.person_key
{% endfor %}
