-- Without a row of the provider's own there is nothing to upload: what only the provider knows would be missing.
select
    submitter_id,
    {%- for column in asc_wds_workplace_columns() %}
    {{ column }},
    {%- endfor %}
    coalesce(upper(status), 'NEW') not in ('DELETE', 'UNCHECKED', 'NOCHANGE') as is_judged,
    row_number,
    record_key
from {{ ref('asc_wds__workplace') }}
where has_file
