select
    return_id,
    submitter_id,
    counted,
    running,
    in_twelve,
    most_running,
    most_in_twelve,
    running >= most_running or in_twelve >= most_in_twelve as is_reached,
    running + 1 >= most_running or in_twelve + 1 >= most_in_twelve as next_would_reach,
    cast(running as string) || ' running, ' || cast(in_twelve as string) || ' of the last '
    || cast(counted as string) || ' closed windows' as missed,
    'limits: ' || cast(most_running as string) || ' running, ' || cast(most_in_twelve as string)
    || ' in twelve months' as limits
from {{ source('raw', 'missed_window') }}
