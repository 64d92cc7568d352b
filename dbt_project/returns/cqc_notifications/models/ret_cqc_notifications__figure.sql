-- Asked of every location that owes the list, registered or not: an event outlives a registration.
with asked as (
    select
        submitter.submitter_id,
        cell.cell_id,
        cell.measure,
        cell.missing_item
    from {{ ref('stg_run__submitter') }} as submitter
    cross join {{ ref('core__return_cell') }} as cell
    where submitter.submitter_kind = 'location' and cell.return_id = 'cqc_notifications'
),

members as (
    select
        submitter_id,
        cell_id,
        role
    from {{ ref('mbr_cqc_notifications__event') }}
    union all
    select
        submitter_id,
        cell_id,
        role
    from {{ ref('mbr_cqc_notifications__form_field') }}
    union all
    select
        submitter_id,
        cell_id,
        role
    from {{ ref('mbr_cqc_notifications__incident') }}
),

counted as (
    select
        submitter_id,
        cell_id,
        count(case when role = 'numerator' then 1 end) as numerator,
        count(case when role in ('numerator', 'denominator') then 1 end) as denominator
    from members
    group by submitter_id, cell_id
),

waited as (
    select
        submitter_id,
        'list.longest_wait' as cell_id,
        max(days_since_known) as days
    from {{ ref('cqc_notifications__listing') }}
    where state = 'open'
    group by submitter_id
),

judged as (
    select
        asked.*,
        cast(
            case
                when asked.measure = 'waiting' then waited.days
                when
                    asked.measure in ('notification', 'form_field', 'incident_coding')
                    then coalesce(counted.numerator, 0)
            end as decimal(18, 4)
        ) as numerator,
        case
            when asked.measure in ('form_field', 'incident_coding', 'asked_of_a_person')
                then cast(coalesce(counted.denominator, 0) as decimal(18, 4))
        end as denominator
    from asked
    left join counted on asked.submitter_id = counted.submitter_id and asked.cell_id = counted.cell_id
    left join waited on asked.submitter_id = waited.submitter_id and asked.cell_id = waited.cell_id
),

answered as (
    select
        judged.*,
        case
            when measure = 'not_recorded' then 'not_fillable'
            when denominator = 0 then 'not_applicable'
            when measure = 'asked_of_a_person' then 'not_fillable'
            when measure = 'waiting' and numerator is null then 'not_applicable'
            when numerator = 0 then 'zero'
            else 'filled'
        end as outcome
    from judged
)

select
    'cqc_notifications' as return_id,
    submitter_id,
    cell_id,
    case when outcome in ('filled', 'zero') then numerator end as numerator,
    case when outcome in ('filled', 'zero') then denominator end as denominator,
    case
        when outcome not in ('filled', 'zero') then cast(null as decimal(18, 4))
        when denominator is null then numerator
        else {{ quotient('numerator', 'denominator') }}
    end as value,
    cast(null as string) as value_text,
    outcome,
    case
        when outcome = 'not_fillable' then 'missing: ' || missing_item
        when outcome = 'not_applicable' and measure = 'waiting' then 'no notification is open'
        when outcome = 'not_applicable' and measure = 'incident_coding' then 'no incident is recorded'
        when outcome = 'not_applicable' then 'no open notification uses this form'
    end as reason
from answered
