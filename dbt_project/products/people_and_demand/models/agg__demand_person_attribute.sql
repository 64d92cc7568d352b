-- Who the people of a view are. The providers' view knows them by the providers' records, the others by the council's.
with aged as (
    select
        supported.*,
        {{ age_at('person.birth_date', 'run.as_at_date') }} as age,
        person.sex,
        person.ethnicity as ethnic_code,
        council.gender,
        council.ethnicity as ethnic_label
    from {{ ref('agg__demand_person_now') }} as supported
    cross join {{ ref('stg_run__parameters') }} as run
    left join {{ ref('core__person') }} as person on supported.person_key = person.person_key
    left join {{ ref('core__council_person') }} as council
        on supported.person_key = council.person_key and supported.submitter_id = council.submitter_id
)

select
    view_id,
    person_key,
    setting,
    funding,
    need,
    arrangement,
    place,
    hours_caring,
    case
        when age is null then 'not_known'
        when age < 18 then 'Under 18'
        when age < 25 then '18 to 24'
        when age < 45 then '25 to 44'
        when age < 65 then '45 to 64'
        when age < 75 then '65 to 74'
        when age < 85 then '75 to 84'
        else '85 and over'
    end as age_band,
    case
        when view_id <> 'providers' then coalesce(nullif(gender, 'Unknown'), 'not_known')
        when sex = '1' then 'Male'
        when sex = '2' then 'Female'
        when sex = '9' then 'Indeterminate'
        else 'not_known'
    end as gender,
    case
        when view_id <> 'providers'
            then
                case
                    when ethnic_label is null or ethnic_label like 'No data%' then 'not_known'
                    when ethnic_label like '%:%' then substring(ethnic_label, 1, position(':' in ethnic_label) - 1)
                    else ethnic_label
                end
        when ethnic_code in ('A', 'B', 'C') then 'White'
        when ethnic_code in ('D', 'E', 'F', 'G') then 'Mixed or multiple'
        when ethnic_code in ('H', 'J', 'K', 'L') then 'Asian or Asian British'
        when ethnic_code in ('M', 'N', 'P') then 'Black or Black British'
        when ethnic_code in ('R', 'S') then 'Other'
        else 'not_known'
    end as ethnic_group
from aged
