-- For each attribute the nearest to known wins, then the most recent; several values left mean a conflict.
with best as (
    select
        la_code,
        person_key,
        {%- for name in person_attributes() %}
        min({{ name }}_distance * 1000000000 + recency) as {{ name }}_best,
        {%- endfor %}
        max(case when birth_is_known then ref_period_end_date end) as birth_known_period,
        max(case when death_date is not null then ref_period_end_date end) as death_known_period,
        max(ref_period_end_date) as last_period
    from {{ ref('cld_main__person_evidence') }}
    group by la_code, person_key
),

chosen as (
    select
        evidence.la_code,
        evidence.person_key,
        min(evidence.person_id) as person_id,
        {%- for name, attribute in person_attributes().items() %}
        case
            when
                min(case when {{ name }}_distance * 1000000000 + recency = {{ name }}_best then {{ name }} end)
                = max(case when {{ name }}_distance * 1000000000 + recency = {{ name }}_best then {{ name }} end)
                then min(case when {{ name }}_distance * 1000000000 + recency = {{ name }}_best then {{ name }} end)
            else '{{ attribute.conflict }}'
        end as {{ name }},
        {%- endfor %}
        min(
            case
                when birth_is_known = (birth_known_period is not null)
                    and ref_period_end_date = coalesce(birth_known_period, last_period) then birth_code
            end
        ) as birth_code,
        max(case when ref_period_end_date = death_known_period then death_date end) as death_date
    from {{ ref('cld_main__person_evidence') }} as evidence
    inner join best on evidence.la_code = best.la_code and evidence.person_key = best.person_key
    group by evidence.la_code, evidence.person_key
)

select
    la_code,
    person_key,
    person_id,
    {%- for name in person_attributes() %}
    {{ name }},
    {%- endfor %}
    nullif(cast(floor(birth_code / 100) as integer), 0) as der_birth_year,
    nullif(birth_code % 100, 0) as der_birth_month,
    {{ birth_month_start('cast(floor(birth_code / 100) as integer)', '(birth_code % 100)') }} as der_birth_date,
    death_date
from chosen
