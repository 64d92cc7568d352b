{%- set classes = [
    'subject_of_care', 'care_provider', 'staff', 'service', 'occupancy', 'admission_details', 'discharge_details',
    'deprivation_of_liberty_safeguards', 'incident', 'visit', 'need', 'risk', 'unpaid_carer', 'review', 'care_plan',
    'assessment', 'cld_request', 'cld_assessment', 'cld_service', 'cld_review', 'cld_cost', 'cld_carer'
] %}
with receipts as (
    select
        sender_id,
        record_class,
        cast(sum(received) as bigint) as received,
        cast(sum(loaded) as bigint) as loaded,
        cast(sum(quarantined) as bigint) as quarantined
    from {{ ref('stg_run__receipt') }}
    group by sender_id, record_class
),

in_warehouse as (
    {% for class in classes %}
    {% if not loop.first %}
    union all
    {% endif %}
    select
        _sender_id as sender_id,
        '{{ class }}' as record_class,
        count(*) as versions,
        count(distinct record_uid) as newest
    from {{ source('raw', class) }}
    group by _sender_id
    {% endfor %}
)

select
    coalesce(receipts.sender_id, in_warehouse.sender_id) as sender_id,
    coalesce(receipts.record_class, in_warehouse.record_class) as record_class,
    receipts.received,
    receipts.loaded,
    receipts.quarantined,
    in_warehouse.versions,
    in_warehouse.newest
from receipts
full outer join in_warehouse
    on receipts.sender_id = in_warehouse.sender_id and receipts.record_class = in_warehouse.record_class
