with discharged as (
    select distinct
        period.period_id,
        period.reporting_period,
        spell.person_key,
        spell.admission_date,
        spell.discharge_date,
        spell.apcs_ident,
        spell.lsoa_key,
        spell.gender,
        {{ official_age('spell.birth_month_start', 'spell.discharge_date') }} as age
    from {{ ref('stg_cld__hospital_spell') }} as spell
    cross join {{ ref('stg_cld__method_run') }} as run
    inner join {{ ref('stg_cld__method_period') }} as period
        on
            period.family = 'hospital'
            and spell.discharge_date between period.period_start and period.period_end
    where
        {{ official_age('spell.birth_month_start', 'spell.discharge_date') }} >= run.min_age_2d
        and spell.is_last_episode
        and spell.person_key is not null
        and spell.admission_date >= run.first_admission_2d
        and spell.admission_date < spell.discharge_date
        and spell.treatment_function not like '65%'
        and spell.treatment_function not like '7%'
        {%- for column, list in {
            'admission_method': 'excluded_admission_method_2d',
            'discharge_method': 'excluded_discharge_method_2d',
            'discharge_destination': 'excluded_destination_2d',
            'treatment_function': 'excluded_treatment_2d',
        }.items() %}
        and spell.{{ column }} not in (
            select label_key from {{ ref('stg_cld__method_list') }} where list = '{{ list }}'
        )
        {%- endfor %}
),

supported as (
    select distinct
        discharged.period_id,
        discharged.person_key,
        discharged.admission_date,
        long_term.service_type = 'long term support: community' as in_community
    from discharged
    inner join {{ ref('ascof__2d_long_term') }} as long_term
        on
            discharged.period_id = long_term.period_id
            and discharged.person_key = long_term.person_key
            and discharged.admission_date between long_term.event_start_date and long_term.event_end_date
    where
        long_term.service_type in (
            'long term support: nursing care', 'long term support: residential care', 'long term support: prison',
            'long term support: community'
        )
)

select distinct
    discharged.period_id,
    discharged.reporting_period,
    discharged.person_key,
    discharged.admission_date,
    discharged.discharge_date,
    discharged.apcs_ident,
    discharged.gender,
    discharged.age,
    case
        when discharged.age between 65 and 74 then '65-74'
        when discharged.age between 75 and 84 then '75-84'
        when discharged.age >= 85 then '85+'
    end as age_group,
    coalesce(council_name.second_label, area.utla_name_2023) as home_area,
    case when community.person_key is not null then 'Those in LT community support' else 'Those not in any LTS' end
        as client_type
from discharged
inner join {{ ref('stg_cld__home_area') }} as area
    on
        discharged.lsoa_key = {{ same_text('area.lsoa_code_2011') }}
        and lower(area.utla_code_2023) like 'e%'
left join {{ ref('stg_cld__method_list') }} as council_name
    on council_name.list = 'council_name_2d' and {{ same_text('area.utla_name_2023') }} = council_name.label_key
left join supported as elsewhere
    on
        discharged.period_id = elsewhere.period_id
        and discharged.person_key = elsewhere.person_key
        and discharged.admission_date = elsewhere.admission_date
        and not elsewhere.in_community
left join supported as community
    on
        discharged.period_id = community.period_id
        and discharged.person_key = community.person_key
        and discharged.admission_date = community.admission_date
        and community.in_community
where elsewhere.person_key is null
