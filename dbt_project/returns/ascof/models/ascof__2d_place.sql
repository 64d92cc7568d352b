{{ config(materialized='view') }}

-- Each linked episode once for every row of the tables it counts in: joining by "or" would compare all with all.
with placed as (
    select
        *,
        {{ same_text('area') }} as area_key
    from {{ ref('mbr_ascof__2d') }}
    union all
    select
        *,
        'england' as area_key
    from {{ ref('mbr_ascof__2d') }}
)

select
    period_id,
    area_key,
    client_type,
    age_group,
    gender,
    event_key,
    role,
    has_died,
    was_readmitted,
    entered_care_home
from placed
union all
select
    period_id,
    area_key,
    'Total' as client_type,
    age_group,
    gender,
    event_key,
    role,
    has_died,
    was_readmitted,
    entered_care_home
from placed
