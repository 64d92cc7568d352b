select
    submitter_id,
    event_code,
    form_id,
    form_title,
    person_code,
    cell_id,
    question_id,
    mark,
    read_from,
    label,
    position,
    content,
    state
from {{ ref('cqc_notifications__form_field') }}
