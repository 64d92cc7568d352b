-- Restricted: the values that go back into the file in its last model, and nowhere else.
{%- set no_text = 'cast(null as ' ~ dbt.type_string() ~ ')' %}
{%- for class in ['cld_request', 'cld_assessment', 'cld_service', 'cld_review', 'cld_carer'] %}
select
    _record_key as record_key,
    first_name,
    last_name,
    postcode,
    date_of_birth,
    {{ no_text if class == 'cld_carer' else 'event_description' }} as event_description
from {{ latest_version(source('raw', class)) }} as record
{%- if not loop.last %}
union all
{%- endif %}
{%- endfor %}
