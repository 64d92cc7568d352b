-- Each variant on its own: what a known error changes can be shown beside the official figure.
with stay as (
    select
        variant.variant,
        period.period_id,
        period.reporting_period,
        period.period_start,
        period.period_end,
        stay.*
    from {{ ref('ascof__2b2c_stay') }} as stay
    inner join {{ ref('ascof__variant') }} as variant
        on variant.variant in ('official', 'blank_component_2b2c', 'count_local_ids_2b2c')
    inner join {{ ref('stg_cld__method_period') }} as period on period.family = 'year'
    where
        (stay.death_date is null or stay.death_date >= period.period_start)
        and (variant.blank_component_2b2c or not stay.lacks_component)
),

admission as (
    select
        *,
        cast(row_number() over (
            partition by
                variant, period_id, la_code, person_key,
                {{ same_text('la_person_unique_identifier') }},
                event_start_date
            order by der_unique_record_id asc nulls last
        ) as bigint) as position
    from stay
    where event_start_date between period_start and period_end and not is_self_funded
),

earlier as (
    select distinct
        admission.variant,
        admission.period_id,
        admission.la_code,
        admission.person_key,
        admission.event_start_date
    from admission
    cross join {{ ref('stg_cld__method_run') }} as run
    inner join stay
        on
            admission.variant = stay.variant
            and admission.period_id = stay.period_id
            and admission.la_code = stay.la_code
            and admission.person_key = stay.person_key
            and admission.event_start_date > stay.event_start_date
    where
        (run.self_funders_in_history_2b2c or not stay.is_self_funded)
        and (
            stay.der_event_end_date is null
            or {{ days_between('stay.der_event_end_date', 'admission.event_start_date') }}
            < run.new_admission_days_2b2c
        )
)

select
    admission.variant,
    admission.period_id,
    admission.reporting_period,
    admission.la_code,
    admission.la_name,
    admission.person_key,
    admission.person_id,
    admission.la_person_unique_identifier,
    {{ same_text('admission.la_person_unique_identifier') }} as local_id_key,
    admission.der_unique_record_id,
    admission.event_start_date,
    admission.age_at_start,
    case when admission.age_at_start between 18 and 64 then '18 to 64' when admission.age_at_start >= 65
        then '65 and above' end as age_band,
    earlier.person_key is null as is_new
from admission
left join earlier
    on
        admission.variant = earlier.variant
        and admission.period_id = earlier.period_id
        and admission.la_code = earlier.la_code
        and admission.person_key = earlier.person_key
        and admission.event_start_date = earlier.event_start_date
where admission.position = 1
