-- What 2D looks at and leaves out: reablement without a discharge near its start, and discharges that fail a condition.
-- The first reason that holds is named; a condition on a value that is blank fails, as in the official code.
with kept as (
    select distinct period_id, person_key, apcs_ident, admission_date, discharge_date from {{ ref('ascof__2d_discharge') }}
),

home as (
    select
        {{ same_text('area.lsoa_code_2011') }} as lsoa_key,
        min(coalesce(council_name.second_label, area.utla_name_2023)) as area
    from {{ ref('stg_cld__home_area') }} as area
    left join {{ ref('stg_cld__method_list') }} as council_name
        on council_name.list = 'council_name_2d' and {{ same_text('area.utla_name_2023') }} = council_name.label_key
    where lower(area.utla_code_2023) like 'e%'
    group by {{ same_text('area.lsoa_code_2011') }}
),

discharge as (
    select
        period.period_id,
        home.area,
        spell.*,
        {{ official_age('spell.birth_month_start', 'spell.discharge_date') }} as age,
        run.min_age_2d,
        run.first_admission_2d
    from {{ ref('stg_cld__hospital_spell') }} as spell
    cross join {{ ref('stg_cld__method_run') }} as run
    inner join {{ ref('stg_cld__method_period') }} as period
        on
            period.family = 'hospital'
            and spell.discharge_date between period.period_start and period.period_end
    left join home on spell.lsoa_key = home.lsoa_key
    left join kept
        on
            period.period_id = kept.period_id
            and spell.person_key = kept.person_key
            and spell.apcs_ident = kept.apcs_ident
            and spell.admission_date = kept.admission_date
            and spell.discharge_date = kept.discharge_date
    where kept.person_key is null
)

select
    period.period_id,
    'ASCOF 2D part 1' as measure,
    cluster.la_name as area,
    cluster.person_key,
    cluster.cluster_id as event_key,
    cast(cluster.first_record_id as varchar(40)) as record_key,
    case
        when cluster.death_date < period.period_start then 'died_before_period'
        else 'no_discharge_near_the_start'
    end as reason,
    concat('reablement from ', cast(cluster.episode_start as varchar(10))) as evidence
from {{ ref('ascof__2d_cluster') }} as cluster
cross join {{ ref('stg_cld__method_run') }} as run
inner join {{ ref('stg_cld__method_period') }} as period
    on
        period.family = 'hospital'
        and cluster.episode_start >= period.period_start
        and cluster.episode_start <= period.period_end
left join {{ ref('ascof__2d_last_discharge') }} as linked
    on period.period_id = linked.period_id and cluster.cluster_id = linked.cluster_id
where linked.cluster_id is null
union all
select
    period_id,
    'ASCOF 2D part 2' as measure,
    area,
    person_key,
    apcs_ident as event_key,
    cast(null as varchar(40)) as record_key,
    case
        when person_key is null then 'no_number'
        when not coalesce(is_last_episode, false) then 'not_the_last_episode'
        when age is null then 'age_not_known'
        when age < min_age_2d then 'too_young'
        when admission_date is null then 'no_admission_date'
        when admission_date < first_admission_2d then 'admitted_too_early'
        when admission_date >= discharge_date then 'no_night_in_hospital'
        {%- for column, list in {
            'admission_method': 'excluded_admission_method_2d',
            'discharge_method': 'excluded_discharge_method_2d',
            'discharge_destination': 'excluded_destination_2d',
            'treatment_function': 'excluded_treatment_2d',
        }.items() %}
        when
            {{ column }} is null
            or {{ column }} in (
                select label_key from {{ ref('stg_cld__method_list') }} where list = '{{ list }}'
            )
            then '{{ column }}'
        {%- endfor %}
        when treatment_function like '65%' or treatment_function like '7%' then 'treatment_function'
        when area is null then 'home_not_in_england'
        else 'lives_in_care_home_or_prison'
    end as reason,
    concat('discharged ', cast(discharge_date as varchar(10))) as evidence
from discharge
