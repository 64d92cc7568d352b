{%- set addresses = ['address1', 'address2', 'address3', 'posttown', 'postcode'] -%}
{%- set amounts = {
    'capacity': 'capacity_in_all', 'utilisation': 'utilisation_in_all', 'totalpermtemp': number_in('totalpermtemp')
} -%}
with asked as (
    select
        location.location_id as submitter_id,
        cell.cell_id,
        cell.page,
        cell.export_column,
        cell.missing_item
    from {{ ref('agg__location_registered_now') }} as location
    cross join {{ ref('core__return_cell') }} as cell
    where cell.return_id = 'asc_wds'
),

-- An address is told to be there, never what it is.
workplaces as (
    {%- for column in asc_wds_workplace_columns() %}
    select
        submitter_id,
        '{{ column | upper }}' as export_column,
        has_file,
        {% if column in addresses %}case when {{ column }} is not null then 'given' end
        {%- else %}case when replace({{ column }}, ';', '') <> '' then {{ column }} end{% endif %} as value_text,
        {% if column in amounts %}cast({{ amounts[column] }} as decimal(18, 4)){% else %}cast(null as decimal(18, 4))
        {%- endif %} as amount
    from {{ ref('asc_wds__workplace') }}
    where nth_workplace = 1
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

rows_filled as (
    select
        submitter_id,
        page,
        export_column,
        count(*) as all_rows,
        count(has_value) as filled_rows
    from {{ ref('asc_wds__row_value') }}
    group by submitter_id, page, export_column
),

judged as (
    select
        asked.*,
        workplaces.value_text,
        workplaces.amount,
        coalesce(workplaces.has_file, false) as has_file,
        cast(rows_filled.filled_rows as decimal(18, 4)) as filled_rows,
        cast(rows_filled.all_rows as decimal(18, 4)) as all_rows,
        case
            when asked.page = 'workplace' and workplaces.value_text is not null then 'text'
            when asked.page <> 'workplace' and rows_filled.all_rows > 0 then 'share'
            else 'not_fillable'
        end as answer
    from asked
    left join workplaces
        on
            asked.submitter_id = workplaces.submitter_id
            and case when asked.page = 'workplace' then asked.export_column end = workplaces.export_column
    left join rows_filled
        on
            asked.submitter_id = rows_filled.submitter_id
            and asked.page = rows_filled.page
            and asked.export_column = rows_filled.export_column
)

select
    'asc_wds' as return_id,
    submitter_id,
    cell_id,
    case answer when 'share' then filled_rows when 'text' then amount end as numerator,
    case answer when 'share' then all_rows end as denominator,
    case answer
        when 'share' then {{ quotient('filled_rows', 'all_rows') }}
        when 'text' then amount
    end as value,
    case when answer = 'text' then value_text end as value_text,
    case
        when answer = 'not_fillable' then 'not_fillable'
        when answer = 'share' and filled_rows = 0 then 'zero'
        when answer = 'text' and amount = 0 then 'zero'
        else 'filled'
    end as outcome,
    case
        when answer = 'not_fillable' and page = 'workplace' and has_file then 'blank in the workplace file'
        when answer = 'not_fillable' then 'missing: ' || missing_item
    end as reason
from judged
