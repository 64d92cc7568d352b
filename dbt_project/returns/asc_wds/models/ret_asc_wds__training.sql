with placed as (
    select
        sender_id,
        local_id,
        min(location_id) as location_id
    from {{ ref('core__asc_wds_workplace') }}
    where location_id is not null
    group by sender_id, local_id
)

select
    location.location_id as submitter_id,
    {%- for column in asc_wds_training_columns() %}
    file.{{ column }},
    {%- endfor %}
    true as is_judged,
    file.row_number,
    file.record_key
from {{ ref('stg_asc_wds__training') }} as file
left join placed on file.sender_id = placed.sender_id and file.localestid = placed.local_id
inner join {{ ref('agg__location_registered_now') }} as location
    on coalesce(placed.location_id, file.localestid) = location.location_id
