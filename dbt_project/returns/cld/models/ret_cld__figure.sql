{%- set fields = cld_fields() -%}
-- The counts come from the membership of events, the fields from one pass over the rows of the file.
with sending as (
    select distinct submitter_id
    from {{ ref('core__council_sender') }}
),

cell as (
    select
        council.submitter_id,
        cell.cell_id,
        cell.measure,
        sending.submitter_id is not null as has_sender
    from {{ ref('core__return_cell') }} as cell
    cross join {{ ref('core__council_submitter') }} as council
    left join sending
        on council.submitter_id = sending.submitter_id
    where cell.return_id = 'cld'
),

counted as (
    select
        submitter_id,
        cell_id,
        count(*) as records,
        count(distinct person_key) as people
    from {{ ref('mbr_cld__event') }}
    where role = 'numerator'
    group by submitter_id, cell_id
),

filled as (
    select
        submitter_id,
        {%- for name, applies, mandatory in fields %}
        sum(case when {{ applies }} then 1 else 0 end) as {{ name | lower }}_applicable,
        sum(case when {{ applies }} and {{ cld_is_filled(name) }} then 1 else 0 end) as {{ name | lower }}_filled,
        {%- endfor %}
        count(*) as records
    from {{ ref('agg__cld_row') }}
    group by submitter_id
),

measured as (
    select
        cell.submitter_id,
        cell.cell_id,
        cell.measure,
        cell.has_sender,
        case cell.measure
            when 'rows' then coalesce(counted.records, 0)
            when 'people' then coalesce(counted.people, 0)
            else
                case cell.cell_id
                    {%- for name, applies, mandatory in fields %}
                    when 'field.{{ name }}' then coalesce(filled.{{ name | lower }}_filled, 0)
                    {%- endfor %}
                end
        end as numerator,
        case
            when cell.measure = 'field' then
                case cell.cell_id
                    {%- for name, applies, mandatory in fields %}
                    when 'field.{{ name }}' then coalesce(filled.{{ name | lower }}_applicable, 0)
                    {%- endfor %}
                end
        end as denominator
    from cell
    left join counted
        on
            cell.submitter_id = counted.submitter_id
            and cell.cell_id = counted.cell_id
    left join filled
        on cell.submitter_id = filled.submitter_id
)

select
    'cld' as return_id,
    submitter_id,
    cell_id,
    case when has_sender then cast(numerator as bigint) end as numerator,
    case when has_sender then cast(denominator as bigint) end as denominator,
    case
        when not has_sender or denominator = 0 then cast(null as decimal(18, 4))
        when measure = 'field' then {{ quotient('numerator', 'denominator') }}
        else cast(numerator as decimal(18, 4))
    end as value,
    cast(null as {{ dbt.type_string() }}) as value_text,
    case
        when not has_sender then 'not_fillable'
        when denominator = 0 then 'not_applicable'
        when numerator = 0 then 'zero'
        else 'filled'
    end as outcome,
    case
        when not has_sender then 'no council extract was received'
        when denominator = 0 then 'no row of the file to which the field applies'
    end as reason
from measured
