{#- Lists that must be as long as another, judged as the provider's file has them. -#}
{%- set services = {
    'CAPACITY': 'capacity_length', 'UTILISATION': 'utilisation_length', 'SERVICEDESC': 'service_description_length'
} -%}
{%- set jobs = {'STARTERS': 'starters_length', 'LEAVERS': 'leavers_length', 'VACANCIES': 'vacancies_length'} -%}
with files as (
    select
        file.*,
        merged.submitter_id,
        {{ entries_but_none('file.allservices') }} as services,
        {{ entries_in('file.alljobroles') }} as job_roles
    from {{ ref('stg_asc_wds__workplace') }} as file
    inner join {{ ref('ret_asc_wds__workplace') }} as merged on file.record_key = merged.record_key and merged.is_judged
)

{%- for column, rule in services.items() %}
select
    'asc_wds.{{ rule }}' as rule_id,
    submitter_id,
    record_key,
    '{{ column }}' as field,
    substring({{ column | lower }}, 1, 60) as value_seen,
    cast(services as string) || ' services' as evidence
from files
where
    {{ column | lower }} is not null
    and {{ entries_in(column | lower) }} not in (services, {{ entries_in('allservices') }})
union all
{%- endfor %}
select
    'asc_wds.group_description_length' as rule_id,
    submitter_id,
    record_key,
    'OTHERUSERDESC' as field,
    substring(otheruserdesc, 1, 60) as value_seen,
    cast({{ entries_in('serviceusers') }} as string) || ' groups' as evidence
from files
where otheruserdesc is not null and {{ entries_in('otheruserdesc') }} <> {{ entries_in('serviceusers') }}
{%- for column, rule in jobs.items() %}
union all
select
    'asc_wds.{{ rule }}' as rule_id,
    submitter_id,
    record_key,
    '{{ column }}' as field,
    substring(coalesce({{ column | lower }}, 'blank'), 1, 60) as value_seen,
    cast(job_roles as string) || ' job roles' as evidence
from files
where
    alljobroles is not null
    and coalesce({{ column | lower }}, '') <> '999'
    and ({{ column | lower }} is null or {{ entries_in(column | lower) }} <> job_roles)
{%- endfor %}
union all
select
    'asc_wds.reasons_length' as rule_id,
    submitter_id,
    record_key,
    'REASONNOS' as field,
    substring(coalesce(reasonnos, 'blank'), 1, 60) as value_seen,
    cast({{ entries_in('reasons') }} as string) || ' reasons' as evidence
from files
where reasons is not null and {{ entries_in('reasonnos') }} <> {{ entries_in('reasons') }}
