with aged as (
    select
        period.period_id,
        period.period_start,
        period.period_end,
        person.*,
        {{ official_age('person.der_birth_date', 'period.period_end') }} as der_age_end_of_period
    from {{ ref('cld_main__person_attribute') }} as person
    inner join {{ ref('stg_cld__method_period') }} as period on period.family = 'year'
)

select
    aged.period_id,
    aged.la_code,
    aged.person_key,
    aged.person_id,
    local_id.latest_local_id as la_person_unique_identifier_latest,
    local_id.local_ids as la_person_unique_identifier_concat,
    home.accommodation_status,
    home.accommodation_status_group,
    home.stated_accommodation_status,
    aged.employment_status,
    aged.gender,
    aged.ethnicity,
    aged.der_birth_year,
    aged.der_birth_month,
    aged.der_birth_date,
    aged.der_age_end_of_period,
    {{ person_age_band_of('aged.der_age_end_of_period') }} as der_working_age_band_end_of_period,
    aged.death_date,
    case when carer.person_key is not null then 'Yes' else aged.has_unpaid_carer end as has_unpaid_carer,
    aged.primary_support_reason,
    aged.client_funding_status
from aged
inner join {{ ref('cld_main__person_local_id') }} as local_id
    on aged.la_code = local_id.la_code and aged.person_key = local_id.person_key
inner join {{ ref('cld_main__person_home') }} as home
    on aged.la_code = home.la_code and aged.person_key = home.person_key
left join {{ ref('cld_main__person_with_carer') }} as carer
    on
        aged.period_id = carer.period_id
        and aged.la_code = carer.la_code
        and aged.person_key = carer.person_key
