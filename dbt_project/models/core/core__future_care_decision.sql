with decisions as (
    select
        record_key,
        sender_id,
        person_record_key,
        'resuscitation' as decision_kind,
        {{ snomed_code('decision_code') }} as decision_code,
        decided_on
    from {{ ref('stg_mods__resuscitation') }}
    union all
    select
        record_key,
        sender_id,
        person_record_key,
        'refusal_of_treatment' as decision_kind,
        {{ snomed_code('decision_code') }} as decision_code,
        decided_on
    from {{ ref('stg_mods__refusal_of_treatment') }}
    union all
    select
        record_key,
        sender_id,
        person_record_key,
        'advance_statement' as decision_kind,
        {{ snomed_code('statement_code') }} as decision_code,
        decided_on
    from {{ ref('stg_mods__advance_statement') }}
)

select
    decisions.record_key,
    decisions.sender_id,
    decisions.person_record_key,
    link.person_key,
    decisions.decision_kind,
    decisions.decision_code,
    decisions.decided_on
from decisions
left join {{ ref('stg_identity__link') }} as link on decisions.person_record_key = link.person_record_key
