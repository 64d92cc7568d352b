{#- Rules between the columns of a workplace: the rule, the column it is told of, and when it is broken. -#}
{%- set listed_services = "';' || coalesce(file.allservices, '') || ';'" -%}
{%- set reason_10 = "';' || coalesce(file.cwpuse, '') || ';'" -%}
{%- set rules = {
    'other_type_ignored': ('OTHERTYPE', "file.othertype is not null and coalesce(file.esttype, '') <> '8'"),
    'other_type_missing': ('OTHERTYPE', "file.othertype is null and file.esttype = '8'"),
    'regulated_type_wrong': ('REGTYPE', "file.mainservice is not null and file.mainservice <> '72' and services.is_service
        and ((file.regtype = '2' and not services.is_regulated) or (file.regtype = '0' and services.is_regulated))"),
    'provider_number_missing': ('PROVNUM', "file.regtype = '2' and file.provnum is null"),
    'provider_number_ignored': ('PROVNUM', "file.regtype = '0' and file.provnum is not null"),
    'location_id_ignored': ('LOCATIONID', "file.regtype = '0' and file.locationid is not null"),
    'main_service_not_listed': ('ALLSERVICES', listed_services ~ " not like '%;' || coalesce(file.mainservice, '') || ';%'"),
    'no_other_service_but_listed': ('ALLSERVICES', "';' || file.file_allservices || ';' like '%;0;%'
        and " ~ entries_but_none('file.file_allservices') ~ " <> 1"),
    'description_of_group_missing': ('OTHERUSERDESC', "users.undescribed > 0"),
    'delegated_activities_ignored': ('DHAACTIVITIES', "file.dhaactivities is not null and coalesce(file.dha, '') <> '1'"),
    'delegated_activities_missing': ('DHAACTIVITIES', "file.dhaactivities is null and file.dha = '1'"),
    'staff_zero': ('TOTALPERMTEMP', "file.totalpermtemp = '0' and coalesce(file.mainservice, '') <> '72'"),
    'staff_records_differ': ('TOTALPERMTEMP', "staff.workers is not null
        and " ~ whole_number_in('file.totalpermtemp') ~ " <> staff.workers"),
    'registered_manager_missing': ('VACANCIES', "file.regtype = '2' and coalesce(file.mainservice, '') <> '72'
        and coalesce(staff.managers, 0) = 0 and coalesce(jobs.manager_vacancies, 0) = 0"),
    'job_roles_missing': ('ALLJOBROLES', "file.alljobroles is null and coalesce(jobs.moves, 0) > 0"),
    'reasons_sum': ('REASONNOS', "file.reasons is not null and jobs.leavers > 0
        and coalesce(jobs.reason_counts, 0) <> jobs.leavers"),
    'pathway_description_ignored': ('CWPUSEDESC', "file.cwpusedesc is not null and " ~ reason_10 ~ " not like '%;10;%'"),
    'contribution_without_pension': ('ACTUALCONT', "file.actualcont is not null and coalesce(file.pension, '') <> '1'"),
    'sleep_in_pay_without_sleep_ins': ('SLEEPINPAY', "file.sleepinpay is not null and coalesce(file.sleepins, '') <> '1'"),
    'travel_rate_without_travel_time': ('TTDIFFRATE', "file.ttdiffrate is not null and file.traveltime is null"),
    'workplace_twice': ('LOCALESTID', "same.workplaces > 1"),
    'location_twice': ('LOCATIONID', "same.at_location > 1")
} -%}
with moves as (
    select
        file.record_key,
        sum(case when split_part(file.leavers, ';', place.position) <> '999'
            then {{ whole_number_in("split_part(file.leavers, ';', place.position)") }} end) as leavers,
        sum({{ whole_number_in("split_part(file.reasonnos, ';', place.position)") }}) as reason_counts,
        sum(
            {%- for column in ('starters', 'leavers', 'vacancies') %}
            case
                when split_part(file.{{ column }}, ';', place.position) <> '999'
                    then coalesce({{ whole_number_in("split_part(file." ~ column ~ ", ';', place.position)") }}, 0)
                else 0
            end{{ ' +' if not loop.last }}
            {%- endfor %}
        ) as moves,
        sum(
            case
                when split_part(file.alljobroles, ';', place.position) = '4'
                    then {{ whole_number_in("split_part(file.vacancies, ';', place.position)") }}
            end
        ) as manager_vacancies
    from {{ ref('ret_asc_wds__workplace') }} as file
    cross join {{ ref('asc_wds__place') }} as place
    group by file.record_key
),

workers as (
    select
        sender_id,
        local_id,
        count(*) as workers,
        count(case when main_job_role = '4' then 1 end) as managers
    from {{ ref('core__asc_wds_worker') }}
    where coalesce(change_status, 'NEW') <> 'DELETE'
    group by sender_id, local_id
),

undescribed as (
    select
        file.record_key,
        count(*) as undescribed
    from {{ ref('ret_asc_wds__workplace') }} as file
    cross join {{ ref('asc_wds__place') }} as place
    where
        split_part(file.serviceusers, ';', place.position) in ('3', '9', '21')
        and coalesce(split_part(file.otheruserdesc, ';', place.position), '') = ''
    group by file.record_key
)

{%- for rule, (field, broken) in rules.items() %}
select
    'asc_wds.{{ rule }}' as rule_id,
    file.submitter_id,
    file.record_key,
    '{{ field }}' as field,
    substring(coalesce(file.{{ field | lower }}, 'blank'), 1, 60) as value_seen,
    'read with the other columns of the workplace' as evidence
from {{ ref('asc_wds__workplace_context') }} as file
left join moves as jobs on file.record_key = jobs.record_key
left join workers as staff on file.sender_id = staff.sender_id and file.localestid = staff.local_id
left join undescribed as users on file.record_key = users.record_key
left join {{ ref('asc_wds__service_kind') }} as services on file.mainservice = services.code
left join {{ ref('asc_wds__same_workplace') }} as same on file.record_key = same.record_key
where file.is_judged and {{ broken }}
{{ 'union all' if not loop.last }}
{%- endfor %}
