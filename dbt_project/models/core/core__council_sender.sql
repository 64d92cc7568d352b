-- A sender's council is the one of this client whose LA code most of the sender's records carry.
with counted as (
    select
        sent.sender_id,
        council.submitter_id,
        sum(sent.records) as records
    from {{ ref('stg_cld__sender_la_code') }} as sent
    left join {{ ref('core__council_submitter') }} as council
        on lower(sent.la_code) = lower(council.la_code)
    group by sent.sender_id, council.submitter_id
),

ranked as (
    select
        sender_id,
        submitter_id,
        row_number() over (
            partition by sender_id
            order by
                case when submitter_id is null then 1 else 0 end asc nulls last,
                records desc nulls last,
                submitter_id asc nulls last
        ) as position
    from counted
)

select
    sender_id,
    submitter_id
from ranked
where position = 1
