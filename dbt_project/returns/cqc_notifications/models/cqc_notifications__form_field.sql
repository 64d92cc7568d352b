with event as (
    select
        listing.*,
        form.from_code as form_id,
        form.label as form_title,
        person.began_on,
        person.age_range,
        person.advance_plan_on,
        person.risks,
        person.care_plan,
        kind.label as kind,
        liberty.application_date,
        liberty.authorised_from,
        liberty.authorised_to,
        'provider ' || coalesce(location.cqc_provider_id, 'number not recorded')
        || ', location ' || listing.submitter_id || coalesce(' ' || location.submitter_name, '') as provider
    from {{ ref('cqc_notifications__listing') }} as listing
    inner join {{ ref('cqc_notifications__code') }} as form
        on form.code_set = 'form' and listing.notification_type = form.code
    left join {{ ref('cqc_notifications__form_person') }} as person on listing.event_code = person.event_code
    left join {{ ref('core__submitter') }} as location on listing.submitter_id = location.submitter_id
    left join {{ ref('cqc_notifications__code') }} as kind
        on kind.code_set = 'kind' and listing.code_set = kind.code
    left join {{ ref('cqc_notifications__liberty') }} as liberty
        on
            case when listing.what = 'authorisation' then listing.record_key end = liberty.record_key
            and listing.outcome = liberty.outcome
            and coalesce(cast(listing.begins_on as string), '') = coalesce(cast(liberty.begins_on as string), '')
    where listing.state = 'open'
),

filled as (
    select
        event.submitter_id,
        event.event_code,
        event.person_key,
        event.record_key,
        event.person_code,
        event.notification_type,
        event.form_id,
        event.form_title,
        cell.cell_id,
        cell.item_id,
        cell.evidence as mark,
        replace(cell.source_elements, '|', '; ') as read_from,
        cell.label,
        cell.position,
        cell.measure,
        case cell.cell_id
            when 'death.provider' then event.provider
            when 'death.uid' then event.person_code
            when 'death.began' then cast(event.began_on as string)
            when 'death.age_range' then event.age_range
            when 'death.when' then cast(event.event_date as string)
            when 'death.eol'
                then
                    case
                        when event.advance_plan_on is not null
                            then
                                'an advance statement or decision of '
                                || cast(event.advance_plan_on as string)
                                || ' is on record'
                    end
            when 'serious_injury.head'
                then
                    event.provider || '; person ' || event.person_code
                    || coalesce('; began ' || cast(event.began_on as string), '')
                    || coalesce('; age ' || event.age_range, '')
            when 'serious_injury.date' then cast(event.event_date as string)
            when 'serious_injury.kind' then event.kind
            when
                'serious_injury.risk_prompts'
                then coalesce(event.risks || coalesce('; ' || event.care_plan, ''), event.care_plan)
            when
                'abuse.risk_prompts'
                then coalesce(event.risks || coalesce('; ' || event.care_plan, ''), event.care_plan)
            when 'dols_outcome.rest' then
                'person ' || event.person_code
                || coalesce('; applied on ' || cast(event.application_date as string), '')
                || '; outcome ' || replace(event.outcome, '_', ' ')
                || coalesce('; from ' || cast(event.authorised_from as string), '')
                || coalesce('; to ' || cast(event.authorised_to as string), '')
        end as content
    from event
    inner join {{ ref('core__return_cell') }} as cell
        on cell.return_id = 'cqc_notifications' and event.form_id = cell.page
)

select
    submitter_id,
    event_code,
    person_key,
    record_key,
    person_code,
    notification_type,
    form_id,
    form_title,
    cell_id,
    item_id as question_id,
    mark,
    read_from,
    label,
    position,
    measure,
    content,
    case when content is null then 'a person fills it in' else 'pre-filled, to be checked' end as state
from filled
