select
    'cqc_pir.band_over_people_now' as rule_id,
    band.submitter_id,
    band.submitter_id || ':' || band.cell_id as record_key,
    'dependencies' as field,
    cast(cast(band.value as bigint) as string) as value_seen,
    'people_now ' || cast(cast(people.value as bigint) as string) as evidence
from {{ ref('ret_cqc_pir__figure') }} as band
inner join {{ ref('ret_cqc_pir__figure') }} as people
    on band.submitter_id = people.submitter_id and people.cell_id = 'people_now'
where band.cell_id like 'dependencies.%' and band.value > people.value
