select
    council.submitter_id,
    label.release_2_label as event_type,
    count(record.record_key) as records
from {{ ref('core__council_submitter') }} as council
cross join {{ ref('stg_cld__label') }} as label
left join {{ ref('agg__cld_row') }} as record
    on
        council.submitter_id = record.submitter_id
        and label.release_2_label = record.event_type
where
    label.field = 'event_type'
    and label.is_release_2_wording
group by council.submitter_id, label.release_2_label
