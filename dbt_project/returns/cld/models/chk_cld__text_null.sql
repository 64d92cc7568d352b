select
    'cld.text_null' as rule_id,
    source.submitter_id,
    source.record_key,
    code_field.header as field,
    label.raw_label as value_seen,
    'text NULL' as evidence
from {{ ref('agg__council_label') }} as label
inner join {{ ref('agg__cld_source_record') }} as source
    on label.record_key = source.record_key
inner join {{ ref('stg_cld__code_field') }} as code_field
    on label.field = code_field.field
where
    lower(trim(label.raw_label)) = 'null'
