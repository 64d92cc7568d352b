with dates as (
    select
        person_key,
        death_date
    from {{ ref('core__death_report') }}
    where is_newest and death_date is not null
    union
    select
        person_key,
        death_date
    from {{ ref('core__person') }}
    where death_date is not null
),

several as (
    select
        person_key,
        min(death_date) as first_date,
        max(death_date) as last_date
    from dates
    group by person_key
    having count(*) > 1
)

select
    'cqc_notifications.death_dates_differ' as rule_id,
    listing.submitter_id,
    listing.record_key,
    'deceased_date' as field,
    'differs' as value_seen,
    'between ' || cast(several.first_date as string) || ' and ' || cast(several.last_date as string) as evidence
from {{ ref('cqc_notifications__listing') }} as listing
inner join several on listing.person_key = several.person_key
where listing.state = 'open' and listing.what = 'death'
