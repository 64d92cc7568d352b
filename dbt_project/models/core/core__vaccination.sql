with codings as (
    select
        dose.record_key,
        dose.sender_id,
        dose.person_record_key,
        dose.not_given,
        dose.vaccinated_on,
        coalesce({{ snomed_code('vaccine_product_code') }}, {{ snomed_code('vaccine_procedure_code') }}) as code
    from {{ ref('stg_mods__vaccination') }} as dose
)

select
    codings.record_key,
    codings.sender_id,
    codings.person_record_key,
    link.person_key,
    codings.not_given,
    codings.vaccinated_on,
    codings.code,
    max(case when vaccine.value_set = 'vaccine_flu' then 1 else 0 end) = 1 as is_flu,
    max(case when vaccine.value_set = 'vaccine_covid' then 1 else 0 end) = 1 as is_covid
from codings
left join {{ ref('stg_identity__link') }} as link on codings.person_record_key = link.person_record_key
left join {{ ref('stg_standard__value_set') }} as vaccine
    on codings.code = vaccine.code and vaccine.code_list = 'snomed_ct'
group by
    codings.record_key,
    codings.sender_id,
    codings.person_record_key,
    link.person_key,
    codings.not_given,
    codings.vaccinated_on,
    codings.code
