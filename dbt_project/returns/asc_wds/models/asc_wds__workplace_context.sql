-- The workplaces to upload with the sender whose staff file goes with them, and their services as the file lists them.
select
    file.*,
    merged.sender_id,
    merged.file_allservices
from {{ ref('ret_asc_wds__workplace') }} as file
inner join {{ ref('asc_wds__workplace') }} as merged on file.record_key = merged.record_key
