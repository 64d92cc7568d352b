select
    service.code,
    true as is_service,
    max(case when asked.code_set = 'regulated_service' then 1 else 0 end) = 1 as is_regulated,
    max(case when asked.code_set = 'capacity_asked' then 1 else 0 end) = 1 as asks_capacity,
    max(case when asked.code_set = 'utilisation_asked' then 1 else 0 end) = 1 as asks_utilisation
from {{ ref('core__return_code') }} as service
inner join {{ ref('core__return_code') }} as asked on asked.return_id = 'asc_wds' and service.code = asked.code
where service.return_id = 'asc_wds' and service.code_set = 'service' and service.code <> '0'
group by service.code
