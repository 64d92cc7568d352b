{{ config(materialized='table') }}

-- Empty under a method that takes deaths as submitted. Corrections are registered again: the latest registration
-- counts, then the latest death.
with ranked as (
    select
        {{ same_text('death.der_dhsc_pseudo_nhs_number') }} as number_key,
        death.reg_date_of_death as date_of_death,
        death.reg_date as registered_on,
        cast(row_number() over (
            partition by {{ same_text('death.der_dhsc_pseudo_nhs_number') }}
            order by death.reg_date desc nulls last, death.reg_date_of_death desc nulls last
        ) as bigint) as position
    from {{ source('cld_store', 'cld_registered_death') }} as death
    cross join {{ ref('stg_cld__method_run') }} as run
    where
        run.death_source = 'register'
        and death.der_dhsc_pseudo_nhs_number is not null
        and (
            run.ignored_death_number is null
            or {{ same_text('death.der_dhsc_pseudo_nhs_number') }} <> {{ same_text('run.ignored_death_number') }}
        )
)

select
    number_key,
    date_of_death,
    registered_on
from ranked
where position = 1
