select
    'cld.direct_payment_in_prison' as rule_id,
    submitter_id,
    record_key,
    'Delivery Mechanism' as field,
    coalesce(delivery_mechanism, service_component) as value_seen,
    service_type as evidence
from {{ ref('agg__cld_row') }}
where
    {{ cld_says('service_type', 'Long term support: Prison') }}
    and (
        {{ cld_says('delivery_mechanism', 'Direct payment') }}
        or {{ cld_says('service_component', 'Direct payment') }}
    )
