-- One card per sender and class. Completeness looks through codes that say the answer is not known: they are filled
-- fields and no answers. Fields a sender never fills in a class are counted apart, for it may not hold them at all.
with fields as (
    select
        sender_id,
        record_class,
        max(records) as records,
        max(repeats) as repeats,
        count(*) as fields,
        cast(sum(case when filled > 0 then 1 else 0 end) as bigint) as fields_used,
        cast(sum(case when filled > 0 then records else 0 end) as bigint) as values_possible,
        cast(sum(filled) as bigint) as values_filled,
        cast(sum(not_known) as bigint) as values_not_known,
        cast(sum(case when is_required then records else 0 end) as bigint) as required_possible,
        cast(sum(case when is_required then filled - not_known else 0 end) as bigint) as required_known,
        max(case when not is_identifying then newest_on end) as newest_on
    from {{ ref('agg__field_count') }}
    group by sender_id, record_class
),

labels as (
    select
        sender_id,
        source_class as record_class,
        cast(sum(case when label_state = 'invalid' then 1 else 0 end) as bigint) as labels_invalid,
        cast(sum(case when label_state = 'not judged' then 1 else 0 end) as bigint) as labels_not_judged
    from {{ ref('agg__council_label') }}
    group by sender_id, source_class
),

extracts as (
    select
        sender_id,
        max({{ england_date('extract_as_at') }}) as sent_as_at
    from {{ ref('stg_run__receipt') }}
    group by sender_id
)

select
    counted.sender_id,
    counted.record_class,
    counted.received,
    counted.loaded,
    counted.quarantined,
    fields.records,
    fields.repeats,
    fields.fields,
    fields.fields_used,
    fields.values_possible,
    fields.values_filled,
    fields.values_not_known,
    fields.required_possible,
    fields.required_known,
    coalesce(labels.labels_invalid, 0) as labels_invalid,
    coalesce(labels.labels_not_judged, 0) as labels_not_judged,
    fields.newest_on,
    extracts.sent_as_at,
    {{ days_between('extracts.sent_as_at', 'run.as_at_date') }} as days_since_sent,
    {{ days_between('fields.newest_on', 'run.as_at_date') }} as days_since_newest
from {{ ref('agg__class_count') }} as counted
cross join {{ ref('stg_run__parameters') }} as run
left join fields on counted.sender_id = fields.sender_id and counted.record_class = fields.record_class
left join labels on counted.sender_id = labels.sender_id and counted.record_class = labels.record_class
left join extracts on counted.sender_id = extracts.sender_id
where counted.received > 0
