-- For each attribute the nearest to known wins, then the most recent; several values left mean a conflict.
-- Rank and value travel in one number, so that one pass finds the least and the greatest of the latest values.
with packed as (
    select
        la_code,
        person_key,
        min(person_id) as person_id,
        {%- for name in person_attributes() %}
        min({{ packed_value(name) }}) as {{ name }}_least,
        min({{ packed_value(name, '-') }}) as {{ name }}_greatest,
        {%- endfor %}
        min(
            (case when birth_is_known then 0 else 1000000 end + 100000 - {{ day_number('ref_period_end_date') }})
            * 10000000 + birth_code
        ) % 10000000 as birth_code,
        max(
            case
                when death_date is not null
                    then {{ day_number('ref_period_end_date') }} * 10000000 + {{ day_number('death_date') }} + 1000000
            end
        ) % 10000000 - 1000000 as death_day
    from {{ ref('cld_main__person_evidence') }}
    group by la_code, person_key
)

select
    packed.la_code,
    packed.person_key,
    packed.person_id,
    {%- for name, rule in person_attributes().items() %}
    case
        when packed.{{ name }}_least % 100000 - 50000 = 50000 - packed.{{ name }}_greatest % 100000
            then value_{{ name }}.value
        else '{{ rule.conflict }}'
    end as {{ name }},
    {%- endfor %}
    nullif(cast(floor(packed.birth_code / 100) as integer), 0) as der_birth_year,
    nullif(packed.birth_code % 100, 0) as der_birth_month,
    {{ birth_month_start('cast(floor(packed.birth_code / 100) as integer)', '(packed.birth_code % 100)') }}
        as der_birth_date,
    {{ add_days("cast('1970-01-01' as date)", 'packed.death_day') }} as death_date
from packed
{%- for name in person_attributes() %}
inner join (select distinct field, value_id, value from {{ ref('cld_main__person_value') }}) as value_{{ name }}
    on
        value_{{ name }}.field = '{{ name }}'
        and packed.{{ name }}_least % 100000 - 50000 = value_{{ name }}.value_id
{%- endfor %}
