select
    figure.submitter_id,
    cell.position,
    cell.page as section,
    cell.label as question,
    cast(cast(figure.value as bigint) as string) as answer,
    cell.unit,
    replace(figure.outcome, '_', ' ') as outcome,
    figure.reason as why,
    figure.cell_id
from {{ ref('ret_cqc_pir__figure') }} as figure
inner join {{ ref('core__return_cell') }} as cell
    on figure.cell_id = cell.cell_id and figure.return_id = cell.return_id
where figure.outcome <> 'not_applicable'
