-- Where the provider's file and the records say different things: both, and what was written.
{%- set own = ['estname', 'address1', 'address2', 'address3', 'postcode', 'provnum', 'locationid', 'mainservice'] %}
{%- set lists = {
    'allservices': 'services_added', 'serviceusers': 'users_added',
    'capacity': 'capacity_differs', 'utilisation': 'utilisation_differs'
} %}
with differing as (
    {%- for column in own %}
    select
        submitter_id,
        record_key,
        '{{ column | upper }}' as column_name,
        file_{{ column }} as in_file,
        recorded_{{ column }} as in_records,
        {{ column }} as written,
        'file' as picked
    from {{ ref('asc_wds__workplace') }}
    where has_file and upper(trim(file_{{ column }})) <> upper(trim(recorded_{{ column }}))
    union all
    {%- endfor %}
    {%- for column, flag in lists.items() %}
    select
        workplace.submitter_id,
        workplace.record_key,
        '{{ column | upper }}' as column_name,
        workplace.file_{{ column }} as in_file,
        {% if column in ('capacity', 'utilisation') %}workplace.recorded_{{ column }}
        {%- else %}workplace.{{ column }}{% endif %} as in_records,
        workplace.{{ column }} as written,
        pick.label as picked
    from {{ ref('asc_wds__workplace') }} as workplace
    inner join {{ ref('core__return_code') }} as pick
        on pick.return_id = 'asc_wds' and pick.code_set = 'pick' and pick.code = '{{ column | upper }}'
    where workplace.has_file and workplace.{{ flag }}
    union all
    {%- endfor %}
    select
        submitter_id,
        record_key,
        'STATUS' as column_name,
        file_status as in_file,
        'changed by records' as in_records,
        status as written,
        'records' as picked
    from {{ ref('asc_wds__workplace') }}
    where has_file and file_status <> status
)

select
    submitter_id,
    record_key,
    column_name,
    in_file,
    in_records,
    written,
    picked
from differing
