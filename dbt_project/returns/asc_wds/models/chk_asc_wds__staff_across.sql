{#- Rules between the columns of a worker: the rule, the column it is told of, and when it is broken. -#}
{%- set born = british_date('file.dob') -%}
{%- set started = british_date('file.startdate') -%}
{%- set rules = {
    'age_out_of_range': ('DOB', "(" ~ age_at(born, 'run.as_at_date') ~ " < 14 or " ~ age_at(born, 'run.as_at_date') ~ " > 100)"),
    'citizenship_ignored': ('BRITISHCITIZENSHIP', "file.britishcitizenship is not null and file.nationality = '826'"),
    'entry_in_future': ('YEAROFENTRY', whole_number_in('file.yearofentry') ~ " > year(run.as_at_date)"),
    'entry_before_birth': ('YEAROFENTRY', whole_number_in('file.yearofentry') ~ " < year(" ~ born ~ ")"),
    'entry_ignored': ('YEAROFENTRY', "file.yearofentry is not null and coalesce(file.countryofbirth, '826') = '826'"),
    'start_in_future': ('STARTDATE', started ~ " > run.as_at_date"),
    'start_before_14': ('STARTDATE', age_at(born, started) ~ " < 14"),
    'start_before_entry': ('STARTDATE', "year(" ~ started ~ ") < " ~ whole_number_in('file.yearofentry')),
    'sector_start_after_start': ('STARTINSECT', "file.startinsect <> '999'
        and " ~ whole_number_in('file.startinsect') ~ " > year(" ~ started ~ ")"),
    'sector_start_before_14': ('STARTINSECT', "file.startinsect <> '999'
        and " ~ whole_number_in('file.startinsect') ~ " < year(" ~ born ~ ") + 14"),
    'hours_with_zero_hours': ('ZEROHRCONT', number_in('file.conthours') ~ " > 0 and file.zerohrcont in ('1', '999')"),
    'contracted_hours_ignored': ('CONTHOURS', "file.conthours is not null
        and (file.zerohrcont = '1' or file.emplstatus in ('3', '4', '7'))"),
    'average_hours_ignored': ('AVGHOURS', "file.avghours is not null
        and coalesce(file.zerohrcont, '') <> '1' and file.emplstatus in ('1', '2')"),
    'salary_not_annual': ('SALARY', "file.salary is not null and coalesce(file.salaryint, '') <> '1'"),
    'hourly_rate_not_hourly': ('HOURLYRATE', "file.hourlyrate is not null and coalesce(file.salaryint, '') <> '3'"),
    'job_description_missing': ('MAINJRDESC', "file.mainjrdesc is null and file.mainjobrole in ('23', '27')"),
    'job_description_ignored': ('MAINJRDESC', "file.mainjrdesc is not null and file.mainjobrole not in ('23', '27')"),
    'nurse_register_ignored': ('NMCREG', "file.nmcreg is not null and coalesce(file.mainjobrole, '') <> '16'"),
    'mental_health_professional_ignored': ('AMHP', "file.amhp is not null and coalesce(file.mainjobrole, '') <> '6'"),
    'qualification_level_missing': ('SCQUAL', "split_part(file.scqual, ';', 1) = '1'
        and coalesce(split_part(file.scqual, ';', 2), '') = ''"),
    'manager_of_unregulated': ('MAINJOBROLE', "file.mainjobrole = '4' and workplace.regtype = '0'"),
    'worker_twice': ('UNIQUEWORKERID', "same.workers > 1"),
    'worker_without_workplace': ('LOCALESTID', "workplace.localestid is null")
} -%}
with same as (
    select
        record_key,
        count(*) over (partition by sender_id, local_id, worker_id) as workers
    from {{ ref('core__asc_wds_worker') }}
),

workplace as (
    select
        submitter_id,
        localestid,
        max(regtype) as regtype
    from {{ ref('ret_asc_wds__workplace') }}
    group by submitter_id, localestid
)

{%- for rule, (field, broken) in rules.items() %}
select
    'asc_wds.{{ rule }}' as rule_id,
    file.submitter_id,
    file.record_key,
    '{{ field }}' as field,
    {% if field in ('DOB', 'UNIQUEWORKERID', 'MAINJRDESC') %}'not shown'
    {%- else %}substring(coalesce(file.{{ field | lower }}, 'blank'), 1, 60){% endif %} as value_seen,
    'read with the other columns of the worker' as evidence
from {{ ref('ret_asc_wds__staff') }} as file
cross join {{ ref('stg_run__parameters') }} as run
left join same on file.record_key = same.record_key
left join workplace on file.submitter_id = workplace.submitter_id and file.localestid = workplace.localestid
where file.is_judged and {{ broken }}
{{ 'union all' if not loop.last }}
{%- endfor %}
