select distinct
    lsoa_code_2011,
    utla_code_2023,
    utla_name_2023
from {{ source('cld_store', 'cld_home_area') }}
