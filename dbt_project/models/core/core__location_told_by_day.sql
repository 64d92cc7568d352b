-- A sender that never sent a Service file has told of services, namely of none, since its first extract.
with told as (
    select
        sender_id,
        min({{ england_date('extract_as_at') }}) as first_told_on,
        min(case when record_class = 'service' then {{ england_date('extract_as_at') }} end) as first_services_on
    from {{ ref('stg_run__receipt') }}
    group by sender_id
)

select
    sender.submitter_id as location_id,
    min(coalesce(told.first_services_on, told.first_told_on)) as first_told_on
from {{ ref('core__submitter_sender') }} as sender
inner join told on sender.sender_id = told.sender_id
cross join {{ ref('stg_run__parameters') }} as run
where sender.speaks_for_it and coalesce(told.first_services_on, told.first_told_on) <= run.as_at_date
group by sender.submitter_id
