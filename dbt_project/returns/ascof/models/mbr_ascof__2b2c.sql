select
    {{ membership_columns(
        measure="case age_band when '18 to 64' then 'ASCOF 2B' else 'ASCOF 2C' end",
        submitter='la_code',
        person='person_key',
        event="concat(la_code, ':', coalesce(local_id_key, ''), ':', cast(admitted_on as varchar(10)))",
        record='first_record_id',
        role="'numerator'",
        reason='cast(null as varchar(40))',
        evidence="concat('first new admission ', cast(admitted_on as varchar(10)))",
    ) }},
    period_id,
    reporting_period,
    age_band,
    la_person_unique_identifier,
    local_id_key
from {{ ref('ascof__2b2c_person') }}
where variant = 'official'
union all
select
    {{ membership_columns(
        measure="case when age_at_start >= 65 then 'ASCOF 2C' else 'ASCOF 2B' end",
        submitter='la_code',
        person='person_key',
        event="concat(la_code, ':', coalesce(local_id_key, ''), ':', cast(event_start_date as varchar(10)))",
        record='der_unique_record_id',
        role="'excluded'",
        reason="case when age_at_start < 18 then 'under_18' else 'not_new' end",
        evidence="concat('admission ', cast(event_start_date as varchar(10)))",
    ) }},
    period_id,
    reporting_period,
    age_band,
    la_person_unique_identifier,
    local_id_key
from {{ ref('ascof__2b2c_admission') }}
where variant = 'official' and (not is_new or age_at_start < 18)
