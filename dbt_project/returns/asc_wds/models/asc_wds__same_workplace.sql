-- How many workplaces of a sender share an id, and how many of all share a location.
select
    record_key,
    count(*) over (partition by sender_id, local_id) as workplaces,
    count(location_id) over (partition by location_id) as at_location
from {{ ref('core__asc_wds_workplace') }}
