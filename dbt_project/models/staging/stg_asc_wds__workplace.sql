select
    _record_key as record_key,
    _sender_id as sender_id,
    _as_at as extract_as_at,
    _source_row as row_number,
    {%- for column in asc_wds_workplace_columns() %}
    {{ column }},
    {%- endfor %}
    _overflow as other_columns
from {{ newest_file(source('raw', 'asc_wds_workplace')) }}
