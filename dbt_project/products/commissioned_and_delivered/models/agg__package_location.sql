-- Hours are compared only where the council commissions by the hour; other packages have a cost and no hours.
select
    coalesce(location_name, 'Total') as location_name,
    count(*) as packages,
    cast(sum(case when known_to = 'both' then 1 else 0 end) as bigint) as packages_both,
    cast(sum(case when known_to = 'council_only' then 1 else 0 end) as bigint) as packages_council_only,
    cast(sum(case when known_to = 'provider_only' then 1 else 0 end) as bigint) as packages_provider_only,
    cast(sum(case when commissioned_hours > 0 then 1 else 0 end) as bigint) as packages_by_the_hour,
    cast(sum(commissioned_hours) as decimal(18, 4)) as commissioned_hours,
    cast(sum(case when commissioned_hours > 0 then provider_hours end) as decimal(18, 4)) as provider_hours,
    cast(sum(case when commissioned_hours > 0 then planned_hours end) as decimal(18, 4)) as planned_hours,
    cast(sum(case when commissioned_hours > 0 then delivered_hours end) as decimal(18, 4)) as delivered_hours,
    cast(sum(case when commissioned_hours > 0 then visits_planned end) as bigint) as visits_planned,
    cast(sum(case when commissioned_hours > 0 then visits_made end) as bigint) as visits_made,
    cast(sum(commissioned_cost) as decimal(18, 4)) as commissioned_cost,
    cast(sum(provider_cost) as decimal(18, 4)) as provider_cost
from {{ ref('agg__package_week') }}
group by grouping sets ((location_name), ())
having count(*) > 0
