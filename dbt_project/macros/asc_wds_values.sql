{#- The rows of a file of the bulk upload that break a rule on one column; rules.csv says what its value must be. -#}
{% macro asc_wds_values(check, file, columns, masked) -%}
with judged as (
    select
        rule.rule_id,
        rule.field,
        rule.kind,
        rule.terms,
        rule.step,
        year(run.as_at_date) as this_year,
        file.submitter_id,
        file.record_key,
        case rule.field
            {%- for column in columns %}
            when '{{ column | upper }}' then file.{{ column }}
            {%- endfor %}
        end as value
    from {{ ref(file) }} as file
    cross join {{ ref('stg_run__parameters') }} as run
    inner join {{ ref('core__return_rule') }} as rule on rule.return_id = 'asc_wds' and rule.model = '{{ check }}'
    where
        file.is_judged
        or rule.field in ('LOCALESTID', 'UNIQUEWORKERID', 'STATUS', 'ESTNAME')
),

entries as (
    select
        judged.*,
        place.position,
        case
            when judged.kind in ('codes', 'first', 'each_max', 'each_integer', 'each_count')
                then nullif(split_part(judged.value, ';', place.position), '')
            else judged.value
        end as entry
    from judged
    inner join {{ ref('asc_wds__place') }} as place
        on
            place.position = 1
            or (
                judged.kind in ('codes', 'each_max', 'each_integer', 'each_count')
                and place.position <= {{ entries_in('judged.value') }}
            )
),

measured as (
    select
        entries.*,
        {{ number_in('entries.entry') }} as number,
        {{ number_in("split_part(split_part(entries.terms, '|', 1), '..', 1)") }} as lowest,
        {{ number_in("split_part(split_part(entries.terms, '|', 1), '..', 2)") }} as highest,
        {{ number_in('entries.step') }} as step_size,
        {{ number_in('entries.terms') }} as most,
        -- A text that begins like a formula is written with an apostrophe in front.
        length(case when entries.kind = 'each_max' then entries.entry else entries.value end)
        + case when entries.position = 1 and {{ gets_apostrophe('entries.value') }} then 1 else 0 end
            as written_length,
        {{ has_form('entries.entry', "'^[0-9]+$'") }} as is_whole,
        entries.kind in ('codes', 'each_max', 'each_integer', 'each_count')
        and {{ entries_in('entries.value') }} > {{ asc_wds_most_entries() }} as has_too_many,
        entries.step = 'year'
        and coalesce(split_part(entries.value, ';', 2), '') <> ''
        and not coalesce(
            {{ whole_number_in("split_part(entries.value, ';', 2)") }} between entries.this_year - 100 and entries.this_year,
            false
        ) as has_no_year,
        code.code is not null as is_code
    from entries
    left join {{ ref('core__return_code') }} as code
        on
            code.return_id = 'asc_wds'
            and entries.terms = code.code_set
            and upper(entries.entry) = upper(code.code)
)

select distinct
    rule_id,
    submitter_id,
    record_key,
    field,
    {% if masked %}
    case
        when field in ('{{ masked | join("', '") | upper }}') or field like '%NOTES' then 'not shown'
        else substring(coalesce(value, 'blank'), 1, 60)
    end as value_seen,
    {% else %}
    substring(coalesce(value, 'blank'), 1, 60) as value_seen,
    {% endif %}
    'must be: ' || kind || coalesce(' ' || terms, '') || coalesce(' ' || step, '') as evidence
from measured
where
    case kind
        when 'required' then value is null
        when 'max' then written_length > most
        when 'each_max' then written_length > most
        -- A number too long to be held is out of every range. A blank entry of a list says nothing, but is no count.
        when 'integer' then entry is not null and not coalesce(is_whole and number between lowest and highest, false)
        when 'each_integer'
            then entry is not null and not coalesce(is_whole and number between lowest and highest, false)
        when 'each_count'
            then value is not null and not coalesce(is_whole and number between lowest and highest, false)
        when 'number'
            then
                not coalesce(
                    {{ has_form('entry', "'^[0-9]+([.][0-9]+)?$'") }}
                    and (
                        entry = nullif(split_part(terms, '|', 2), '')
                        or (number between lowest and highest and (step_size is null or number % step_size = 0))
                    ),
                    false
                )
                and entry is not null
        when 'date' then entry is not null and {{ british_date('entry') }} is null
        when 'code' then entry is not null and not is_code
        when 'first' then value is not null and (not is_code or has_no_year)
        when 'codes' then value is not null and not is_code
        when 'pattern' then not {{ has_form('entry', 'terms') }}
        else true
    end
    or has_too_many
{%- endmacro %}
