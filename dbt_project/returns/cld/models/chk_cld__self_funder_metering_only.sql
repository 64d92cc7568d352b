{%- set delivered = cld_says('delivery_mechanism', 'Self-Funder Metering Only') -%}
{%- set funded = cld_says('client_funding_status', 'Self-funder - Metering Only') -%}
select
    'cld.self_funder_metering_only' as rule_id,
    submitter_id,
    record_key,
    case when {{ delivered }} then 'Delivery Mechanism' else 'Client Funding Status' end as field,
    case when {{ delivered }} then delivery_mechanism else client_funding_status end as value_seen,
    'not to be used' as evidence
from {{ ref('agg__cld_row') }}
where {{ delivered }} or {{ funded }}
