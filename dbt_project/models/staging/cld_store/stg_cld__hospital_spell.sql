select distinct
    {{ same_text('der_dhsc_pseudo_nhs_number') }} as person_key,
    apcs_ident,
    apcs_last_ep_ind = 1 as is_last_episode,
    admission_date,
    discharge_date,
    {{ birth_month_start('year_of_birth_sus', 'month_of_birth_sus') }} as birth_month_start,
    case {{ same_text('sex') }}
        when '1' then 'Male'
        when '2' then 'Female'
        when '9' then 'Not specified'
        when '0' then 'Not known'
        else sex
    end as gender,
    {{ same_text('der_postcode_lsoa_2011_code') }} as lsoa_key,
    {{ same_text('admission_method') }} as admission_method,
    {{ same_text('discharge_method') }} as discharge_method,
    {{ same_text('discharge_destination') }} as discharge_destination,
    {{ same_text('der_management_type') }} as management_type,
    {{ same_text('treatment_function_code') }} as treatment_function
from {{ source('cld_store', 'cld_hospital_spell') }}
