select
    _record_key as record_key,
    cqc_location_id as location_id,
    address_line_1,
    address_line_2,
    address_line_3,
    postcode
from {{ latest_version(source('raw', 'care_provider')) }}
