-- What a sender's files hold that no pack can: rows of no registered location, columns of no known name.
with rows_sent as (
    {%- for file in ('workplace', 'staff', 'training') %}
    select
        file.sender_id,
        file.record_key,
        file.localestid,
        file.other_columns,
        {%- for column in ('uniqueworkerid', 'chguniquewrkid', 'transferstaffrecord') %}
        {% if file == 'staff' or (file == 'training' and column == 'uniqueworkerid') %}file.{{ column }}
        {%- else %}cast(null as string) as {{ column }}{% endif %},
        {%- endfor %}
        '{{ file }}' as file_name,
        placed.submitter_id
    from {{ ref('stg_asc_wds__' ~ file) }} as file
    left join {{ ref('ret_asc_wds__' ~ file) }} as placed on file.record_key = placed.record_key
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

locations as (
    select
        location.sender_id,
        registered.location_id
    from {{ ref('agg__location_registered_now') }} as registered
    inner join {{ ref('core__location') }} as location on registered.location_id = location.location_id
)

select
    'asc_wds.row_of_no_location' as rule_id,
    locations.location_id as submitter_id,
    rows_sent.record_key,
    'LOCALESTID' as field,
    coalesce(substring(rows_sent.localestid, 1, 60), 'blank') as value_seen,
    'the ' || rows_sent.file_name || ' file names a workplace that is no registered location' as evidence
from rows_sent
left join locations on rows_sent.sender_id = locations.sender_id
where rows_sent.submitter_id is null

union all

select
    'asc_wds.column_not_in_layout' as rule_id,
    submitter_id,
    record_key,
    file_name as field,
    'not shown' as value_seen,
    'the ' || file_name || ' file has a column that is not of the bulk upload' as evidence
from rows_sent
where other_columns is not null and submitter_id is not null

{%- for column in ('localestid', 'uniqueworkerid', 'chguniquewrkid', 'transferstaffrecord') %}

union all

select
    'asc_wds.id_like_a_formula' as rule_id,
    submitter_id,
    record_key,
    '{{ column | upper }}' as field,
    substring({{ column }}, 1, 1) as value_seen,
    'an apostrophe would be written in front of the id' as evidence
from rows_sent
where {{ gets_apostrophe(column) }} and submitter_id is not null
{%- endfor %}
