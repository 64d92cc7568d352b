{{ config(materialized='table') }}

select
    family,
    period_id,
    period_start,
    period_end,
    {{ period_text('period_start', 'period_end') }} as reporting_period
from {{ source('cld_store', 'cld_run_period') }}
