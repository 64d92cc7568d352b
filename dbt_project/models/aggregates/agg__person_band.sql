-- Bands by codes that hold on the as-at day, as each sender knows them, and the two bands by age, which no sender owns.
with coded as (
    select
        fact.person_key,
        fact.sender_id,
        substring(band.value_set, 6) as band,
        fact.record_key,
        fact.element || ' ' || fact.code as evidence,
        row_number() over (
            partition by fact.person_key, fact.sender_id, band.value_set
            order by
                case when fact.code_list = 'snomed_ct' then 0 else 1 end asc nulls last,
                fact.holds_from asc nulls last,
                fact.record_key asc nulls last,
                fact.element asc nulls last
        ) as first_reason
    from {{ ref('core__coded_fact') }} as fact
    inner join {{ ref('core__value_set') }} as band
        on fact.code_list = band.code_list and fact.code = band.code and band.value_set like 'band%'
    cross join {{ ref('stg_run__parameters') }} as run
    where
        fact.person_key is not null
        and (fact.holds_from is null or fact.holds_from <= run.as_at_date)
        and (fact.holds_until is null or fact.holds_until > run.as_at_date)
),

aged as (
    select
        person.person_key,
        {{ age_at('person.birth_date', 'run.as_at_date') }} as age
    from {{ ref('core__person') }} as person
    cross join {{ ref('stg_run__parameters') }} as run
    where person.birth_date is not null
)

select
    person_key,
    sender_id,
    band,
    record_key,
    evidence
from coded
where first_reason = 1

union all

select
    person_key,
    cast(null as string) as sender_id,
    case when age >= 65 then 'older_people' else 'younger_adults' end as band,
    cast(null as string) as record_key,
    'age ' || cast(age as string) as evidence
from aged
where age >= 18
