select
    record_key,
    sender_id,
    service_record_key,
    unit_cost,
    cost_frequency_unit_type,
    planned_units_per_week,
    valid_from,
    valid_to
from {{ ref('stg_cld__cost') }}
