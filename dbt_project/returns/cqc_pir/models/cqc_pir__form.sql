-- Which form a location is asked: a scheme with somebody in Shared Lives its own, other home care the community form.
select
    location.location_id as submitter_id,
    case
        when location.care_setting = 'care_home' then 'residential'
        when max(case when setting.setting = 'shared_lives' then 1 else 0 end) = 1 then 'shared_lives'
        when location.care_setting = 'home_care' then 'community'
    end as form
from {{ ref('agg__location_registered_now') }} as location
left join {{ ref('agg__setting_now') }} as setting on location.location_id = setting.location_id
group by location.location_id, location.care_setting
