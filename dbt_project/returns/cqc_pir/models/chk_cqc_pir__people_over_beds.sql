select
    'cqc_pir.people_over_beds' as rule_id,
    figure.submitter_id,
    location.record_key,
    'registered_beds' as field,
    cast(location.registered_beds as string) as value_seen,
    'people_now ' || cast(cast(figure.value as bigint) as string) as evidence
from {{ ref('ret_cqc_pir__figure') }} as figure
inner join {{ ref('core__location') }} as location
    on figure.submitter_id = location.location_id and location.care_setting = 'care_home'
where figure.cell_id = 'people_now' and figure.value > location.registered_beds
