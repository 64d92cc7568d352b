-- The first rule that finds a sequel decides; an episode without anything beside it has only its own outcome.
with prepared as (
    select
        cluster.*,
        person.person_id,
        person.der_birth_date,
        person.death_date,
        coalesce(chronology.is_existing_client, false) as is_existing_client,
        coalesce(chronology.has_sequel_event, false) as has_sequel_event,
        chronology.best_service_code,
        chronology.best_other_sequel_rank,
        chronology.last_review_rank,
        coalesce(chronology.has_equipment, false) as has_equipment,
        case
            when not coalesce(chronology.has_sequel_event, false)
                then case when cluster.cluster_is_usable then cluster.cluster_rank end
            when chronology.has_other_sequel then cluster.cluster_rank
        end as own_rank
    from {{ ref('ascof__2a_cluster') }} as cluster
    left join {{ ref('ascof__2a_chronology') }} as chronology
        on
            cluster.la_code = chronology.la_code
            and cluster.la_name_key = chronology.la_name_key
            and cluster.person_key = chronology.person_key
            and cluster.cluster_number = chronology.cluster_number
    left join {{ ref('cld_main__person_attribute') }} as person
        on cluster.la_code = person.la_code and cluster.person_key = person.person_key
),

ruled as (
    select
        prepared.*,
        least(
            coalesce(prepared.own_rank, 9999),
            coalesce(prepared.best_other_sequel_rank, 9999),
            coalesce(prepared.last_review_rank, 9999)
        ) as best_rank,
        {{ official_age('prepared.der_birth_date', 'prepared.episode_end') }} as age,
        coalesce(
            {{ days_between('prepared.episode_end', 'prepared.death_date') }} <= run.death_days_2a, false
        ) as has_died
    from prepared
    cross join {{ ref('stg_cld__method_run') }} as run
),

decided as (
    select
        *,
        case
            when has_died then '1'
            when cluster_outcome = 'admitted to hospital' then '2'
            when best_service_code is not null then '3'
            when best_rank < 9999 and own_rank = best_rank then '4a'
            when best_rank < 9999 and best_other_sequel_rank = best_rank then '4b'
            when best_rank < 9999 then '4c'
            when has_equipment then '5'
            else '6'
        end as sequel_type
    from ruled
)

select
    decided.*,
    {{ working_age_band_of('decided.age') }} as age_band,
    case decided.sequel_type
        when '1' then 'NFA: Deceased'
        when '2' then 'Admitted to hospital'
        when '3'
            then case
                when decided.best_service_code = 71 then 'Short term support: Residential or Nursing care'
                else service.label
            end
        when '5' then 'Short term support: Ongoing low level'
        when '6' then coalesce(own_label.label, 'Invalid and not mapped')
        else best_label.outcome
    end as final_outcome
from decided
left join {{ ref('stg_cld__method_list') }} as service
    on service.list = 'service_rank' and cast(floor(decided.best_service_code / 10) as integer) = service.rank
left join {{ ref('cld_main__label') }} as own_label
    on
        own_label.kind = 'label'
        and own_label.field = 'event_outcome'
        and decided.cluster_outcome = own_label.label_key
left join {{ ref('stg_cld__outcome_rank') }} as best_label on decided.best_rank = best_label.outcome_rank
