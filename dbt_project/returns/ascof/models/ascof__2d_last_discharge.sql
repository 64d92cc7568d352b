-- A table of its own, so that what follows is sought among one person's spells, not by date among everybody's.
select
    discharge.period_id,
    cluster.cluster_id,
    cluster.person_key,
    cluster.episode_start,
    period.period_start,
    max(discharge.discharge_date) as discharge_date
from {{ ref('ascof__2d_cluster') }} as cluster
cross join {{ ref('stg_cld__method_run') }} as run
inner join {{ ref('ascof__2d_discharge') }} as discharge on cluster.person_key = discharge.person_key
inner join {{ ref('stg_cld__method_period') }} as period
    on
        period.family = 'hospital'
        and discharge.period_id = period.period_id
        and (cluster.death_date is null or cluster.death_date >= period.period_start)
where
    discharge.discharge_date between {{ add_days('cluster.episode_start', '-run.days_before_2d') }}
    and {{ add_days('cluster.episode_start', 'run.days_after_2d') }}
    and discharge.admission_date <= cluster.episode_start
group by
    discharge.period_id, cluster.cluster_id, cluster.person_key, cluster.episode_start, period.period_start
