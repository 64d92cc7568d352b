with facts as (
    select
        record_key,
        sender_id,
        person_record_key,
        'problem' as element,
        'snomed_ct' as code_list,
        {{ snomed_code('problem_code') }} as code,
        coalesce(onset_date, recorded_on) as holds_from,
        end_date as holds_until
    from {{ ref('stg_mods__problem') }}

    union all

    select
        record_key,
        sender_id,
        person_record_key,
        'impairment' as element,
        'snomed_ct' as code_list,
        {{ snomed_code('impairment_code') }} as code,
        coalesce(onset_date, recorded_on) as holds_from,
        end_date as holds_until
    from {{ ref('stg_mods__problem') }}

    union all

    select
        record_key,
        sender_id,
        person_record_key,
        'hearing_impairment' as element,
        'cld_r2_hearing_impairment' as code_list,
        lower(hearing_impairment) as code,
        coalesce(onset_date, recorded_on) as holds_from,
        end_date as holds_until
    from {{ ref('stg_mods__problem') }}

    union all

    select
        record_key,
        sender_id,
        person_record_key,
        'need' as element,
        'snomed_ct' as code_list,
        {{ snomed_code('need_code') }} as code,
        need_date as holds_from,
        cast(null as date) as holds_until
    from {{ ref('stg_mods__need') }}

    union all

    select
        record_key,
        sender_id,
        person_record_key,
        'mental_health_act' as element,
        'ukcore_legal_status_classification_england' as code_list,
        lower(legal_status) as code,
        section_start_date as holds_from,
        section_end_date as holds_until
    from {{ ref('stg_mods__mental_health_act') }}

    union all

    select
        record_key,
        sender_id,
        person_record_key,
        'primary_support_reason' as element,
        'cld_r2_primary_support_reason' as code_list,
        lower(primary_support_reason) as code,
        service_start_date as holds_from,
        service_end_date as holds_until
    from {{ ref('stg_mods__service') }}
    where coalesce(service_status, 'not recorded') <> 'entered-in-error'
)

select
    facts.record_key,
    facts.sender_id,
    facts.person_record_key,
    link.person_key,
    facts.element,
    facts.code_list,
    facts.code,
    facts.holds_from,
    facts.holds_until
from facts
left join {{ ref('stg_identity__link') }} as link on facts.person_record_key = link.person_record_key
where facts.code is not null
