select * from {{ source('cld_store', 'cld_submission_row') }}
