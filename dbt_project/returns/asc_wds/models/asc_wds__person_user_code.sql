-- Who a location supports, in the words of ASC-WDS: an age group and what the records say of the person's needs.
with supported as (
    select
        person.person_key,
        person.location_id,
        person.record_key,
        case
            when {{ age_at('who.birth_date', 'run.as_at_date') }} < 18 then 'children'
            when {{ age_at('who.birth_date', 'run.as_at_date') }} < 65 then 'younger_adults'
            when who.birth_date is not null then 'older_people'
        end as age_group
    from {{ ref('agg__person_supported_now') }} as person
    cross join {{ ref('stg_run__parameters') }} as run
    left join {{ ref('core__person') }} as who on person.person_key = who.person_key
    where person.is_supported
),

needs as (
    select
        supported.*,
        coalesce(band.band, 'no_band') as need,
        coalesce(band.evidence, 'no coded need that holds on the day') as evidence
    from supported
    left join {{ ref('agg__band_now') }} as band
        on
            supported.person_key = band.person_key
            and supported.location_id = band.location_id
            and band.band not in ('older_people', 'younger_adults')
)

select distinct
    needs.location_id,
    needs.person_key,
    needs.record_key,
    needs.age_group,
    case when needs.age_group = 'children' then 'any' else needs.need end as need,
    code.code as user_code,
    case when needs.age_group = 'children' then 'under 18' else needs.evidence end as evidence
from needs
left join {{ ref('core__return_code') }} as code
    on
        code.return_id = 'asc_wds'
        and code.code_set = 'service_user'
        and needs.age_group = code.from_list
        and (needs.need = code.from_code or (needs.age_group = 'children' and code.from_code = 'any'))
