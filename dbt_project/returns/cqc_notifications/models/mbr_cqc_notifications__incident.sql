-- An incident is coded when any version of it was; whether the code means anything to this return is another matter.
with incidents as (
    select
        record_key,
        {{ person_of_rows() }} as person_key,
        max(case when notification_type in ('uncoded', 'police') and coded_value is null then 0 else 1 end) as is_coded
    from {{ ref('cqc_notifications__incident') }}
    group by record_key
),

placed as (
    select distinct
        submitter_id,
        record_key
    from {{ ref('cqc_notifications__listing') }}
    where what in ('incident', 'absence') and event_date <= as_at_date
)

select
    'cqc_notifications' as return_id,
    placed.submitter_id,
    'incident_coding' as measure,
    'incidents.uncoded' as cell_id,
    incidents.person_key,
    incidents.record_key as event_key,
    incidents.record_key,
    case incidents.is_coded when 1 then 'denominator' else 'numerator' end as role,
    case incidents.is_coded when 1 then 'coded' end as reason,
    case incidents.is_coded when 1 then 'coded_value recorded' else 'coded_value not recorded' end as evidence,
    cast(1 as decimal(18, 4)) as quantity
from incidents
inner join placed on incidents.record_key = placed.record_key
