with named as (
    select
        from_code as notification_type,
        max(case when code_set = 'notification_type' then label end) as type_label,
        max(case when code_set = 'regulation' then label end) as regulation
    from {{ ref('cqc_notifications__code') }}
    where code_set in ('notification_type', 'regulation')
    group by from_code
),

kind as (
    select
        code as code_set,
        label
    from {{ ref('cqc_notifications__code') }}
    where code_set = 'kind'
)

select
    listing.submitter_id,
    listing.event_code,
    listing.state,
    named.type_label as notification,
    named.regulation,
    case listing.certainty when 'to_notify' then 'notify CQC' else 'a person decides' end as to_do,
    listing.person_code,
    listing.event_date,
    listing.days_since_event,
    listing.known_on,
    listing.days_since_known,
    coalesce(kind.label, replace(listing.outcome, '_', ' ')) as detail,
    case when listing.still_recorded then 'yes' else 'no, an earlier version says so' end as still_recorded,
    listing.location_basis,
    listing.record_key,
    listing.evidence,
    listing.decided_on,
    listing.cqc_reference,
    listing.as_at_date
from {{ ref('cqc_notifications__listing') }} as listing
inner join named on listing.notification_type = named.notification_type
left join kind on listing.code_set = kind.code_set
where listing.state <> 'excluded'
