{#- The export's columns in its order: one per cell of cells.csv, which a test holds equal. -#}
{%- set columns = {
    'max_capacity': 'maxcapacity',
    'occupied': 'usedbeds',
    'vacant_reserved': 'vacant_reserved',
    'vacant_accepting': 'isacceptingadmissions',
    'bed_types.general_residential': 'bed_types_general_residential',
    'bed_types.general_nursing': 'bed_types_general_nursing',
    'bed_types.dementia_residential': 'bed_types_dementia_residential',
    'bed_types.dementia_nursing': 'bed_types_dementia_nursing',
    'bed_types.learning_disability_residential': 'bed_types_learning_disability_residential',
    'bed_types.learning_disability_nursing': 'bed_types_learning_disability_nursing',
    'bed_types.mental_health_residential': 'bed_types_mental_health_residential',
    'bed_types.mental_health_nursing': 'bed_types_mental_health_nursing',
    'bed_types.young_physically_disabled': 'bed_types_young_physically_disabled',
    'bed_types.transitional': 'bed_types_transitional',
    'bed_types.community_care': 'bed_types_community_care',
    'nurses_employed': 'nursesemployed',
    'care_employed': 'careworkersemployed',
    'noncare_employed': 'noncareworkersemployed',
    'agency_nurses': 'agencynursesemployed',
    'agency_care': 'agencycareworkersemployed',
    'agency_noncare': 'agencynoncareworkersemployed',
    'absences.nursesabsentgeneral': 'nursesabsentgeneral',
    'absences.nursesabsentcovid': 'nursesabsentcovid',
    'absences.careworkersabsentgeneral': 'careworkersabsentgeneral',
    'absences.careworkersabsentcovid': 'careworkersabsentcovid',
    'absences.noncareworkersabsentgeneral': 'noncareworkersabsentgeneral',
    'absences.noncareworkersabsentcovid': 'noncareworkersabsentcovid',
    'absences.daysabsence': 'daysabsence',
    'hours.hourspaid': 'hourspaid',
    'hours.hoursovertime': 'hoursovertime',
    'hours.hoursagency': 'hoursagency',
    'hours.hoursabsence': 'hoursabsence',
    'residents_flu': 'residents_flu',
    'residents_covid': 'residents_covid',
    'staff_vacc': 'staff_vacc',
    'visiting': 'visiting',
    'service_users': 'serviceusercount',
    'users_nhs_la': 'usersnhsla',
    'users_self': 'usersselffunded',
    'poc_returned': 'returnedpocpercent',
    'more_hours.canprovidermorehours': 'canprovidermorehours',
    'more_hours.extrahourscount': 'extrahourscount',
    'staff.cqccareworkersemployed': 'cqccareworkersemployed',
    'staff.cqccareworkersabsent': 'cqccareworkersabsent',
    'staff.daysabsencedomcare': 'daysabsencedomcare',
    'hours_dom.hourspaiddomcare': 'hourspaiddomcare',
    'hours_dom.hoursovertimedomcare': 'hoursovertimedomcare',
    'hours_dom.hoursagencydomcare': 'hoursagencydomcare',
    'hours_dom.hoursabsencedomcare': 'hoursabsencedomcare',
    'vacc.received_flu_vaccination': 'received_flu_vaccination',
    'vacc.flu_vaccination_autumn_23': 'flu_vaccination_autumn_23',
    'vacc.covid_vaccination_autumn_23': 'covid_vaccination_autumn_23'
} %}
with answers as (
    select
        submitter_id,
        cell_id,
        case
            when value = floor(value) then cast(cast(value as bigint) as string)
            else cast(cast(value as decimal(18, 1)) as string)
        end as answer
    from {{ ref('ret_capacity_tracker__figure') }}
)

select
    location.location_id as submitter_id,
    location.location_id as cqcid,
    location.ods_code as odscode,
    location.location_name,
    location.care_setting,
    {% for cell_id, column in columns.items() %}
    max(case when answers.cell_id = '{{ cell_id }}' then answers.answer end) as {{ column }},
    {% endfor %}
    location.as_at_date
from {{ ref('agg__location_registered_now') }} as location
inner join answers on location.location_id = answers.submitter_id
group by
    location.location_id,
    location.ods_code,
    location.location_name,
    location.care_setting,
    location.as_at_date
