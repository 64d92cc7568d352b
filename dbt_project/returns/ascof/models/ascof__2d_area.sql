-- Every council and England, with every client type that occurs and the total.
with client_type as (
    select distinct
        period_id,
        client_type
    from {{ ref('mbr_ascof__2d') }}
    union
    select
        period_id,
        'Total' as client_type
    from {{ ref('stg_cld__method_period') }}
    where family = 'hospital'
),

area as (
    select distinct la_name as area from {{ ref('stg_cld__council') }}
    where la_name is not null
    union
    select 'England' as area
)

select
    period.period_id,
    period.reporting_period,
    area.area,
    client_type.client_type
from {{ ref('stg_cld__method_period') }} as period
inner join client_type on period.period_id = client_type.period_id
cross join area
where period.family = 'hospital'
