select
    extract_id,
    sender_id,
    sender_kind,
    as_at as extract_as_at,
    class as record_class,
    file as source_file,
    received,
    loaded,
    quarantined
from {{ source('raw', 'extract_receipt') }}
