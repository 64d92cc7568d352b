with stated as (
    {%- for class in ['cld_request', 'cld_assessment', 'cld_service', 'cld_review', 'cld_carer'] %}
    select
        _sender_id as sender_id,
        trim(la_code) as la_code
    from {{ latest_version(source('raw', class)) }} as record
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select
    sender_id,
    la_code,
    count(*) as records
from stated
group by sender_id, la_code
