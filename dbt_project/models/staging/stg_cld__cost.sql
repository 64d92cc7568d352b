select
    record._record_key as record_key,
    record._sender_id as sender_id,
    record.record_uid,
    'cld_cost' as source_class,
    record._sender_id || ':cld_service:' || record.service_record_uid as service_record_key,
    cast(record.unit_cost as decimal(18, 2)) as unit_cost,
    cast(record.planned_units_per_week as decimal(18, 2)) as planned_units_per_week,
    record.valid_from,
    record.valid_to,
    {{ cld_label_columns('cost_frequency_unit_type', 'cost_frequency') }}
from {{ latest_version(source('raw', 'cld_cost')) }} as record
{{ cld_label_join('cost_frequency_unit_type', 'cost_frequency') }}
