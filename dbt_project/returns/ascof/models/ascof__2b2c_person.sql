-- Admitted in both bands counts once, in the younger. The later method counts each local id apart.
select
    admission.variant,
    admission.period_id,
    admission.reporting_period,
    admission.la_code,
    min(admission.la_name) as la_name,
    admission.person_key,
    min(admission.person_id) as person_id,
    case when variant.count_local_ids_2b2c then admission.local_id_key end as local_id_key,
    case when variant.count_local_ids_2b2c then min(admission.la_person_unique_identifier) end
        as la_person_unique_identifier,
    min(admission.der_unique_record_id) as first_record_id,
    min(admission.event_start_date) as admitted_on,
    min(admission.age_band) as age_band
from {{ ref('ascof__2b2c_admission') }} as admission
inner join {{ ref('ascof__variant') }} as variant on admission.variant = variant.variant
where admission.is_new and admission.age_at_start >= 18
group by
    admission.variant, admission.period_id, admission.reporting_period, admission.la_code, admission.person_key,
    variant.count_local_ids_2b2c, case when variant.count_local_ids_2b2c then admission.local_id_key end
