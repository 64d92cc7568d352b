-- Unknown ages are in neither numerator nor denominator, though their accommodation is asked for in the side table.
with measured as (
    select
        'ASCOF 2E' as measure,
        *
    from {{ ref('ascof__2e_cohort') }}
    union all
    select
        'ASCOF 2E LD' as measure,
        *
    from {{ ref('ascof__2e_cohort') }}
    where has_learning_disability and age_band = '18 to 64'
)

select
    {{ membership_columns(
        measure='measured.measure',
        submitter='measured.la_code',
        person='measured.person_key',
        event="concat(measured.la_code, ':', cast(measured.last_day as varchar(10)))",
        record='measured.first_record_id',
        role="case when measured.died_before_period or measured.age < 18 or measured.age_band = 'Unknown'"
            ~ " then 'excluded' when measured.is_settled"
            ~ " and (measured.local_ids is not null or not run.settled_needs_local_id_2e) then 'numerator'"
            ~ " else 'denominator' end",
        reason="case when measured.died_before_period then 'died_before_period' when measured.age < 18 then 'under_18'"
            ~ " when measured.age_band = 'Unknown' then 'age_not_known'"
            ~ " when measured.is_settled and measured.local_ids is null and run.settled_needs_local_id_2e"
            ~ " then 'settled_without_local_id' when not measured.is_settled then 'not_settled' end",
        evidence="concat('accommodation: ', measured.accommodation_status)",
    ) }},
    measured.period_id,
    measured.reporting_period,
    measured.la_name,
    measured.age_band,
    measured.gender,
    measured.local_ids,
    measured.is_settled,
    measured.accommodation_is_unknown
from measured
cross join {{ ref('stg_cld__method_run') }} as run
