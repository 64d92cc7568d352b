{%- set order = "coalesce(case when says_no_other then 9999 end, position)" -%}
-- The lists of a workplace's services; CAPACITY, UTILISATION and SERVICEDESC have no entry for 0, "no other".
with picked as (
    select
        line.*,
        case
            when capacity_pick.label = 'file' then coalesce(line.file_capacity, line.recorded_capacity)
            else coalesce(line.recorded_capacity, line.file_capacity)
        end as capacity,
        case
            when utilisation_pick.label = 'file' then coalesce(line.file_utilisation, line.recorded_utilisation)
            else coalesce(line.recorded_utilisation, line.file_utilisation)
        end as utilisation
    from {{ ref('asc_wds__service_line') }} as line
    inner join {{ ref('core__return_code') }} as capacity_pick
        on
            capacity_pick.return_id = 'asc_wds'
            and capacity_pick.code_set = 'pick'
            and capacity_pick.code = 'CAPACITY'
    inner join {{ ref('core__return_code') }} as utilisation_pick
        on
            utilisation_pick.return_id = 'asc_wds'
            and utilisation_pick.code_set = 'pick'
            and utilisation_pick.code = 'UTILISATION'
)

select
    workplace_key,
    location_id,
    {{ listed("coalesce(service_code, '')", order) }} as allservices,
    {{ listed("case when not coalesce(says_no_other, false) then coalesce(capacity, '') end", order) }} as capacity,
    {{ listed("case when not coalesce(says_no_other, false) then coalesce(utilisation, '') end", order) }}
        as utilisation,
    {{ listed("case when not coalesce(says_no_other, false) then coalesce(description, '') end", order) }}
        as servicedesc,
    {{ listed("case when not coalesce(says_no_other, false) then coalesce(recorded_capacity, '') end", order) }}
        as recorded_capacity,
    {{ listed("case when not coalesce(says_no_other, false) then coalesce(recorded_utilisation, '') end", order) }}
        as recorded_utilisation,
    count(case when position > 1000 then 1 end) as added_from_records,
    cast(sum({{ number_in('capacity') }}) as decimal(38, 4)) as capacity_in_all,
    cast(sum({{ number_in('utilisation') }}) as decimal(38, 4)) as utilisation_in_all,
    max(case when recorded_capacity <> file_capacity then 1 else 0 end) = 1 as capacity_differs,
    max(case when recorded_utilisation <> file_utilisation then 1 else 0 end) = 1 as utilisation_differs,
    max(case when recorded_capacity is not null and file_capacity is null then 1 else 0 end) = 1 as capacity_added,
    max(case when recorded_utilisation is not null and file_utilisation is null then 1 else 0 end) = 1
        as utilisation_added
from picked
group by workplace_key, location_id
