select
    worker.location_id as submitter_id,
    {%- for column in asc_wds_staff_columns() %}
    file.{{ column }},
    {%- endfor %}
    coalesce(upper(file.status), 'NEW') not in ('DELETE', 'UNCHECKED', 'NOCHANGE') as is_judged,
    file.row_number,
    file.record_key
from {{ ref('stg_asc_wds__staff') }} as file
inner join {{ ref('core__asc_wds_worker') }} as worker on file.record_key = worker.record_key
inner join {{ ref('agg__location_registered_now') }} as location on worker.location_id = location.location_id
