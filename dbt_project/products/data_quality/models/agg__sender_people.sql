-- How often a sender holds one person twice. Council rows and providers' records count alike; carers are people too.
with person_counts as (
    select
        sender_id,
        source_class,
        person_key,
        count(*) as records
    from {{ ref('stg_identity__link') }}
    group by sender_id, source_class, person_key
),

states as (
    select
        sender_id,
        source_class,
        sum(case when number_state = 'verified' then 1 else 0 end) as numbers_verified,
        sum(case when number_state = 'valid' then 1 else 0 end) as numbers_valid,
        sum(case when number_state = 'missing' then 1 else 0 end) as numbers_missing
    from {{ ref('stg_identity__link') }}
    group by sender_id, source_class
)

select
    person_counts.sender_id,
    person_counts.source_class,
    cast(sum(person_counts.records) as bigint) as person_records,
    count(*) as people,
    cast(sum(person_counts.records) - count(*) as bigint) as repeated_records,
    cast(max(states.numbers_verified) as bigint) as numbers_verified,
    cast(max(states.numbers_valid) as bigint) as numbers_valid,
    cast(max(states.numbers_missing) as bigint) as numbers_missing
from person_counts
inner join states
    on person_counts.sender_id = states.sender_id and person_counts.source_class = states.source_class
group by person_counts.sender_id, person_counts.source_class
