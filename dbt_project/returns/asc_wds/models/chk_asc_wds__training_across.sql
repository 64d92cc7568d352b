{#- An expiry is the day before the same day so many months after the training. -#}
{%- set done = british_date('file.datecompleted') -%}
{%- set ends = british_date('file.expirydate') -%}
{%- set rules = {
    'training_in_future': ('DATECOMPLETED', done ~ " > run.as_at_date"),
    'expiry_before_training': ('EXPIRYDATE', ends ~ " <= " ~ done),
    'expiry_not_of_validity': ('EXPIRYDATE', ends ~ " <> cast("
        ~ add_months(done, "cast(" ~ whole_number_in('file.validity') ~ " as integer)") ~ " - interval 1 day as date)"),
    'training_of_nobody': ('UNIQUEWORKERID', "worker.record_key is null")
} -%}
with workers as (
    select
        location_id,
        local_id,
        worker_id,
        min(record_key) as record_key
    from {{ ref('core__asc_wds_worker') }}
    group by location_id, local_id, worker_id
)

{%- for rule, (field, broken) in rules.items() %}
select
    'asc_wds.{{ rule }}' as rule_id,
    file.submitter_id,
    file.record_key,
    '{{ field }}' as field,
    {% if field == 'UNIQUEWORKERID' %}'not shown'{% else %}file.{{ field | lower }}{% endif %} as value_seen,
    'read with the other columns of the training' as evidence
from {{ ref('ret_asc_wds__training') }} as file
cross join {{ ref('stg_run__parameters') }} as run
left join workers as worker
    on
        file.submitter_id = worker.location_id
        and file.localestid = worker.local_id
        and file.uniqueworkerid = worker.worker_id
where {{ broken }}
{{ 'union all' if not loop.last }}
{%- endfor %}
