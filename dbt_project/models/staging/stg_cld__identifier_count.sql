-- How many different numbers and birth dates a council gives one of its people; the values stay here.
with stated as (
    {%- for class in ['cld_request', 'cld_assessment', 'cld_service', 'cld_review', 'cld_carer'] %}
    select
        _record_key as record_key,
        _sender_id as sender_id,
        _sender_id || ':' || trim(la_person_unique_identifier) as person_record_key,
        replace(trim(nhs_number), ' ', '') as nhs_number,
        date_of_birth
    from {{ latest_version(source('raw', class)) }} as record
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select
    person_record_key,
    sender_id,
    min(record_key) as record_key,
    count(distinct nhs_number) as nhs_numbers,
    count(distinct date_of_birth) as birth_dates
from stated
where person_record_key is not null
group by person_record_key, sender_id
