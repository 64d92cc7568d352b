-- Which cells of the staff and training files have a value; never the value.
{%- set files = {'staff': asc_wds_staff_columns()[:46], 'training': asc_wds_training_columns()} %}
{%- for page, columns in files.items() %}
select
    file.submitter_id,
    file.record_key,
    '{{ page }}' as page,
    cell.export_column,
    case
        when
            case cell.export_column
                {%- for column in columns %}
                when '{{ column | upper }}' then file.{{ column }}
                {%- endfor %}
            end is not null then 1
    end as has_value
from {{ ref('ret_asc_wds__' ~ page) }} as file
inner join {{ ref('core__return_cell') }} as cell on cell.return_id = 'asc_wds' and cell.page = '{{ page }}'
{{ 'union all' if not loop.last }}
{%- endfor %}
