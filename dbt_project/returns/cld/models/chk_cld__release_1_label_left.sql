select
    'cld.release_1_label_left' as rule_id,
    source.submitter_id,
    source.record_key,
    code_field.header as field,
    label.raw_label as value_seen,
    'no Release 2 label is known for it' as evidence
from {{ ref('agg__council_label') }} as label
inner join {{ ref('agg__cld_source_record') }} as source
    on label.record_key = source.record_key
inner join {{ ref('stg_cld__code_field') }} as code_field
    on label.field = code_field.field
where
    label.label_state = 'release 1'
    and label.label = trim(label.raw_label)
    and code_field.has_known_labels
