{#- Columns the provider's file alone can answer; the others are merged with the records. -#}
{%- set merged = {
    'localestid': 'location.location_id',
    'estname': 'location.location_name',
    'address1': 'address.address_line_1',
    'address2': 'address.address_line_2',
    'address3': 'address.address_line_3',
    'postcode': 'address.postcode',
    'regtype': "'2'",
    'provnum': 'location.cqc_provider_id',
    'locationid': 'location.location_id',
    'mainservice': 'only_service.service_code',
    'allservices': 'services.allservices',
    'capacity': "nullif(services.capacity, '')",
    'utilisation': "nullif(services.utilisation, '')",
    'servicedesc': "nullif(services.servicedesc, '')",
    'serviceusers': 'users.serviceusers',
    'otheruserdesc': "nullif(users.otheruserdesc, '')"
} -%}
{#- An address is taken as a whole: lines of two addresses are never mixed. -#}
{%- set addresses = ['address2', 'address3'] -%}
{%- set whole_lists = ['allservices', 'capacity', 'utilisation', 'servicedesc', 'serviceusers', 'otheruserdesc'] -%}
-- Identity columns stay as the file has them, else they come from the Care provider record. The lists of services and
-- of people come line by line from file and records together. The rest is the file's alone.
with only_service as (
    select
        workplace_key,
        max(service_code) as service_code
    from {{ ref('asc_wds__service_line') }}
    where service_code <> '0'
    group by workplace_key
    having count(*) = 1
),

changed as (
    select
        location.workplace_key,
        coalesce(services.added_from_records, 0) > 0
        or coalesce(users.added_from_records, 0) > 0
        or coalesce(services.capacity_differs, false)
        or coalesce(services.utilisation_differs, false)
        or coalesce(services.capacity_added, false)
        or coalesce(services.utilisation_added, false) as by_records
    from {{ ref('asc_wds__location') }} as location
    left join {{ ref('asc_wds__service_list') }} as services on location.workplace_key = services.workplace_key
    left join {{ ref('asc_wds__user_list') }} as users on location.workplace_key = users.workplace_key
)

select
    location.location_id as submitter_id,
    location.workplace_key as record_key,
    location.row_number,
    location.has_file,
    location.nth_workplace,
    location.sender_id,
    case
        when not location.has_file then 'NEW'
        when changed.by_records and upper(file.status) in ('UNCHECKED', 'NOCHANGE') then 'UPDATE'
        else file.status
    end as status,
    {%- for column in asc_wds_workplace_columns() if column != 'status' %}
    {%- if column in whole_lists %}
    {{ merged[column] }} as {{ column }},
    {%- elif column in addresses %}
    case when file.address1 is null then coalesce(file.{{ column }}, {{ merged[column] }}) else file.{{ column }} end
        as {{ column }},
    {%- elif column in merged %}
    coalesce(file.{{ column }}, {{ merged[column] }}) as {{ column }},
    {%- else %}
    file.{{ column }},
    {%- endif %}
    {%- endfor %}
    {%- for column, known in merged.items() if column not in whole_lists %}
    file.{{ column }} as file_{{ column }},
    {{ known }} as recorded_{{ column }},
    {%- endfor %}
    file.status as file_status,
    {%- for column in whole_lists %}
    file.{{ column }} as file_{{ column }},
    {%- endfor %}
    services.recorded_capacity,
    services.recorded_utilisation,
    services.capacity_in_all,
    services.utilisation_in_all,
    coalesce(services.capacity_differs, false) as capacity_differs,
    coalesce(services.utilisation_differs, false) as utilisation_differs,
    coalesce(services.added_from_records, 0) > 0 as services_added,
    coalesce(users.added_from_records, 0) > 0 as users_added,
    file.other_columns
from {{ ref('asc_wds__location') }} as location
inner join changed on location.workplace_key = changed.workplace_key
left join {{ ref('stg_asc_wds__workplace') }} as file on location.workplace_key = file.record_key
left join {{ ref('stg_mods__location_address') }} as address on location.location_record_key = address.record_key
left join {{ ref('asc_wds__service_list') }} as services on location.workplace_key = services.workplace_key
left join {{ ref('asc_wds__user_list') }} as users on location.workplace_key = users.workplace_key
left join only_service on location.workplace_key = only_service.workplace_key
