-- The latest discharge near the start of an episode; every discharge of the person on that day comes along.
with readmission as (
    select distinct
        last_discharge.period_id,
        last_discharge.cluster_id
    from {{ ref('ascof__2d_last_discharge') }} as last_discharge
    cross join {{ ref('stg_cld__method_run') }} as run
    inner join {{ ref('stg_cld__hospital_spell') }} as spell
        on
            last_discharge.person_key = spell.person_key
            and spell.admission_date > last_discharge.episode_start
            and spell.admission_date > last_discharge.discharge_date
            and spell.admission_date <= {{ add_days('last_discharge.discharge_date', 'run.follow_up_days_2d') }}
            and spell.admission_date >= last_discharge.period_start
    where
        spell.admission_date < spell.discharge_date
        and spell.management_type in ('em', 'ne')
        and spell.discharge_method <> '5'
        and spell.is_last_episode
),

care_home as (
    select distinct
        last_discharge.period_id,
        last_discharge.cluster_id
    from {{ ref('ascof__2d_last_discharge') }} as last_discharge
    cross join {{ ref('stg_cld__method_run') }} as run
    inner join {{ ref('ascof__2d_long_term') }} as long_term
        on
            last_discharge.period_id = long_term.period_id
            and last_discharge.person_key = long_term.person_key
            and long_term.event_start_date between last_discharge.discharge_date
            and {{ add_days('last_discharge.discharge_date', 'run.follow_up_days_2d') }}
    where long_term.service_type in ('long term support: residential care', 'long term support: nursing care')
)

select
    discharge.period_id,
    discharge.reporting_period,
    cluster.la_code,
    cluster.la_name as area,
    cluster.person_key,
    cluster.cluster_id,
    cluster.episode_start,
    discharge.discharge_date,
    discharge.client_type,
    discharge.gender,
    discharge.age_group,
    min(cluster.first_record_id) as first_record_id,
    coalesce(
        cluster.death_date between discharge.discharge_date
        and {{ add_days('discharge.discharge_date', 'run.follow_up_days_2d') }},
        false
    ) as has_died,
    readmission.cluster_id is not null as was_readmitted,
    care_home.cluster_id is not null as entered_care_home
from {{ ref('ascof__2d_last_discharge') }} as last_discharge
cross join {{ ref('stg_cld__method_run') }} as run
inner join {{ ref('ascof__2d_cluster') }} as cluster on last_discharge.cluster_id = cluster.cluster_id
inner join {{ ref('ascof__2d_discharge') }} as discharge
    on
        last_discharge.period_id = discharge.period_id
        and last_discharge.person_key = discharge.person_key
        and last_discharge.discharge_date = discharge.discharge_date
left join readmission
    on last_discharge.period_id = readmission.period_id and last_discharge.cluster_id = readmission.cluster_id
left join care_home
    on last_discharge.period_id = care_home.period_id and last_discharge.cluster_id = care_home.cluster_id
group by
    discharge.period_id, discharge.reporting_period, cluster.la_code, cluster.la_name, cluster.person_key,
    cluster.cluster_id, cluster.episode_start, discharge.discharge_date, discharge.client_type, discharge.gender,
    discharge.age_group, cluster.death_date, run.follow_up_days_2d, readmission.cluster_id, care_home.cluster_id
