select
    code_set,
    lower(code) as code,
    label,
    from_list,
    from_code,
    case
        when code_set like 'serious_injury.%' then 'serious_injury'
        when code_set like 'abuse.%' then 'abuse'
        when code_set = 'absence_when_detained' then 'detained_death_or_absence'
        when code_set = 'not_notifiable' then 'not_notifiable'
    end as notification_type
from {{ ref('core__return_code') }}
where return_id = 'cqc_notifications'
