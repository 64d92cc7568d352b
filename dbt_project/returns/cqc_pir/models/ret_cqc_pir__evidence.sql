-- What backs the questions answered in words: records of people supported now, never their text.
with named as (
    select
        '1.1' as cell_id,
        'people whose support began' as what,
        submitter_id,
        person_key,
        record_key
    from {{ ref('mbr_cqc_pir__people') }}
    where cell_id = 'admissions' and role = 'numerator'
    union all
    select
        '1.2' as cell_id,
        'visits missed' as what,
        submitter_id,
        person_key,
        record_key
    from {{ ref('mbr_cqc_pir__visit') }}
    where cell_id = 'missed_28'
    union all
    select
        'notice_other_reasons' as cell_id,
        'services ended by notice for another reason' as what,
        submitter_id,
        person_key,
        record_key
    from {{ ref('mbr_cqc_pir__people') }}
    where cell_id = 'notice_other' and role = 'numerator'
    union all
    select
        'equality' as cell_id,
        'ethnicity recorded' as what,
        supported.submitter_id,
        supported.person_key,
        supported.record_key
    from {{ ref('mbr_cqc_pir__people') }} as supported
    inner join {{ ref('core__person') }} as person on supported.person_key = person.person_key
    where supported.cell_id = 'people_now' and supported.role = 'numerator' and person.ethnicity is not null
)

select
    submitter_id,
    cell_id,
    what,
    count(*) over (partition by submitter_id, cell_id, what) as records,
    person_key,
    record_key
from named
