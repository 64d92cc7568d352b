select
    client_id,
    reporting_period,
    as_at_date,
    is_synthetic
from {{ source('raw', 'run_parameters') }}
