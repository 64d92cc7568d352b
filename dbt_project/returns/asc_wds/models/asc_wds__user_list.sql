-- The groups of people a workplace supports: those its file lists, then those the records know besides.
with listed_users as (
    select
        location.location_id,
        location.workplace_key,
        place.position,
        nullif(trim(split_part(file.serviceusers, ';', place.position)), '') as user_code,
        nullif(trim(split_part(file.otheruserdesc, ';', place.position)), '') as description
    from {{ ref('asc_wds__location') }} as location
    inner join {{ ref('stg_asc_wds__workplace') }} as file on location.workplace_key = file.record_key
    inner join {{ ref('asc_wds__place') }} as place on place.position <= {{ entries_in('file.serviceusers') }}
    where file.serviceusers is not null
),

recorded as (
    select distinct
        location_id,
        user_code
    from {{ ref('asc_wds__person_user_code') }}
    where user_code is not null
),

lines as (
    select * from listed_users

    union all

    select
        location.location_id,
        location.workplace_key,
        1000 + cast(recorded.user_code as integer) as position,
        recorded.user_code,
        cast(null as string) as description
    from {{ ref('asc_wds__location') }} as location
    inner join recorded on location.location_id = recorded.location_id
    left join listed_users
        on location.workplace_key = listed_users.workplace_key and recorded.user_code = listed_users.user_code
    where listed_users.workplace_key is null
)

select
    workplace_key,
    {{ listed("coalesce(user_code, '')", 'position') }} as serviceusers,
    {{ listed("coalesce(description, '')", 'position') }} as otheruserdesc,
    count(case when position > 1000 then 1 end) as added_from_records
from lines
group by workplace_key
