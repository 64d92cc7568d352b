with coded as (
    select
        problem.record_key,
        min(problem.sender_id) as sender_id,
        min(problem.person_record_key) as person_record_key,
        {{ person_of_rows('problem') }} as person_key,
        min(problem.onset_date) as onset_date,
        min(problem.known_on) as known_on,
        min(code.code_set) as code_set,
        max(case when problem.is_newest then 1 else 0 end) = 1 as still_recorded
    from {{ ref('core__problem_version') }} as problem
    inner join {{ ref('cqc_notifications__code') }} as code
        on
            code.notification_type = 'serious_injury'
            and (
                lower(trim(problem.coded_value)) = code.code
                or {{ snomed_code('problem.coded_value') }} = code.code
            )
    group by problem.record_key
),

care as (
    select
        person_key,
        min(service_start_date) as began_on
    from {{ ref('core__service_episode') }}
    where not entered_in_error and person_key is not null
    group by person_key
)

select
    coded.*,
    -- What somebody brought with them is no injury under this care; an unknown onset may be one.
    case when coded.onset_date < care.began_on then 'before_care_began' end as excluded_for
from coded
left join care on coded.person_key = care.person_key
