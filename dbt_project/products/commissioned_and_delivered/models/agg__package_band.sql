with described as (
    select
        'delivered' as comparison,
        location_name,
        delivered_band as band
    from {{ ref('agg__package_week') }}
    where delivered_band not in ('not by the hour', 'not commissioned')

    union all

    select
        'cost' as comparison,
        location_name,
        cost_agreement as band
    from {{ ref('agg__package_week') }}

    union all

    select
        'known_to' as comparison,
        location_name,
        known_to as band
    from {{ ref('agg__package_week') }}
)

select
    comparison,
    coalesce(location_name, 'Total') as location_name,
    coalesce(band, 'Total') as band,
    count(*) as packages
from described
group by grouping sets (
    (comparison, location_name, band),
    (comparison, location_name),
    (comparison, band),
    (comparison)
)
