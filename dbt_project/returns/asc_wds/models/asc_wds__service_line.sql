-- One service of a workplace, as its file lists it and as the records know it, beside one another.
with listed as (
    select
        location.location_id,
        location.workplace_key,
        place.position,
        nullif(trim(split_part(file.allservices, ';', place.position)), '') as service_code,
        nullif(trim(split_part(file.capacity, ';', place.position)), '') as file_capacity,
        nullif(trim(split_part(file.utilisation, ';', place.position)), '') as file_utilisation,
        nullif(trim(split_part(file.servicedesc, ';', place.position)), '') as description
    from {{ ref('asc_wds__location') }} as location
    inner join {{ ref('stg_asc_wds__workplace') }} as file on location.workplace_key = file.record_key
    inner join {{ ref('asc_wds__place') }} as place on place.position <= {{ entries_in('file.allservices') }}
    where file.allservices is not null
),

recorded as (
    select
        location_id,
        service_code,
        count(case when is_open then 1 end) as people
    from {{ ref('asc_wds__person_service') }}
    where service_code is not null
    group by location_id, service_code
),

lines as (
    select * from listed

    union all

    select
        location.location_id,
        location.workplace_key,
        1000 + cast(recorded.service_code as integer) as position,
        recorded.service_code,
        cast(null as string) as file_capacity,
        cast(null as string) as file_utilisation,
        cast(null as string) as description
    from {{ ref('asc_wds__location') }} as location
    inner join recorded on location.location_id = recorded.location_id and recorded.people > 0
    left join listed on location.workplace_key = listed.workplace_key and recorded.service_code = listed.service_code
    where listed.workplace_key is null
),

counted as (
    select
        lines.*,
        recorded.people,
        beds.quantity as beds,
        count(case when lines.service_code in ('1', '2') then 1 end) over (partition by lines.workplace_key) as homes,
        count(case when lines.service_code <> '0' then 1 end) over (partition by lines.workplace_key) as services
    from lines
    left join recorded on lines.location_id = recorded.location_id and lines.service_code = recorded.service_code
    left join {{ ref('agg__beds') }} as beds
        on lines.location_id = beds.location_id and beds.measure = 'maximum_capacity'
)

select
    counted.location_id,
    counted.workplace_key,
    counted.position,
    counted.service_code,
    counted.file_capacity,
    counted.file_utilisation,
    counted.description,
    -- The beds of a location belong to its care home service where it has one such service only.
    case
        when counted.service_code in ('1', '2') and counted.homes = 1 then cast(counted.beds as string)
    end as recorded_capacity,
    case when counts_people.code is not null then cast(counted.people as string) end as recorded_utilisation,
    counted.service_code = '0' as says_no_other
from counted
left join {{ ref('core__return_code') }} as counts_people
    on
        counts_people.return_id = 'asc_wds'
        and counts_people.code_set = 'utilisation_asked'
        and counted.service_code = counts_people.code
where counted.service_code is null or counted.service_code <> '0' or counted.services = 1
