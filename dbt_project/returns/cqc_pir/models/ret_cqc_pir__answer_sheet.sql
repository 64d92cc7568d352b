select
    figure.submitter_id,
    form.form,
    cell.position,
    cell.page as section,
    cell.item_id as question_id,
    cell.label as question,
    cast(cast(figure.value as bigint) as string) as answer,
    cell.unit,
    replace(figure.outcome, '_', ' ') as outcome,
    figure.reason as why,
    cell.evidence as mark,
    replace(cell.source_elements, '|', '; ') as read_from,
    figure.cell_id
from {{ ref('ret_cqc_pir__figure') }} as figure
inner join {{ ref('core__return_cell') }} as cell
    on figure.cell_id = cell.cell_id and figure.return_id = cell.return_id
left join {{ ref('cqc_pir__form') }} as form on figure.submitter_id = form.submitter_id
where figure.outcome <> 'not_applicable'
