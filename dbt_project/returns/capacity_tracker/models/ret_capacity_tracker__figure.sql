with members as (
    {% for measure in ('people', 'staff', 'beds', 'vaccination', 'package') %}
    select
        submitter_id,
        cell_id,
        role,
        quantity
    from {{ ref('mbr_capacity_tracker__' ~ measure) }}
    {{ "union all" if not loop.last }}
    {% endfor %}
),

counted as (
    select
        submitter_id,
        cell_id,
        sum(case when role = 'numerator' then quantity else 0 end) as numerator,
        sum(case when role in ('numerator', 'denominator') then quantity else 0 end) as denominator
    from members
    group by submitter_id, cell_id
),

judged as (
    select
        location.location_id as submitter_id,
        location.care_setting,
        cell.cell_id,
        cell.applies_to,
        cell.missing_item,
        cell.measure = 'package' as is_percent,
        campaign.state as campaign_state,
        campaign.last_ended_on,
        coalesce(counted.numerator, 0) as numerator,
        coalesce(counted.denominator, 0) as denominator,
        case
            when cell.applies_to <> location.care_setting or campaign.state = 'closed' then 'not_applicable'
            when location.care_setting is null then 'not_fillable'
            when campaign.state = 'not_known' then 'not_fillable'
            when cell.measure = 'package' and coalesce(counted.denominator, 0) = 0 then 'not_applicable'
            when answerable.cell_id is not null then 'count'
            else 'not_fillable'
        end as answer
    from {{ ref('agg__location_registered_now') }} as location
    cross join {{ ref('core__return_cell') }} as cell
    left join counted on location.location_id = counted.submitter_id and cell.cell_id = counted.cell_id
    left join {{ ref('core__campaign') }} as campaign
        on cell.return_id = campaign.return_id and cell.cell_id = campaign.cell_id
    left join {{ ref('capacity_tracker__answerable') }} as answerable
        on location.location_id = answerable.submitter_id and cell.cell_id = answerable.cell_id
    where cell.return_id = 'capacity_tracker'
)

select
    'capacity_tracker' as return_id,
    submitter_id,
    cell_id,
    case when answer = 'count' then cast(numerator as decimal(18, 4)) end as numerator,
    case when answer = 'count' and is_percent then cast(denominator as decimal(18, 4)) end as denominator,
    -- A percentage to one place, a half upwards, in whole numbers so that every engine rounds alike.
    case
        when answer = 'count' and is_percent
            then cast(floor((2000 * numerator + denominator) / (2 * denominator)) / 10 as decimal(18, 4))
        when answer = 'count' then cast(numerator as decimal(18, 4))
    end as value,
    cast(null as string) as value_text,
    case
        when answer <> 'count' then answer
        when numerator = 0 then 'zero'
        else 'filled'
    end as outcome,
    case
        when answer = 'not_applicable' and applies_to <> care_setting and applies_to = 'care_home'
            then 'asked of care homes only'
        when answer = 'not_applicable' and applies_to <> care_setting then 'asked of home care only'
        when answer = 'not_applicable' and campaign_state = 'closed'
            then
                'not asked: no campaign is open on the day'
                || coalesce('; the last ended on ' || cast(last_ended_on as string), '')
        when answer = 'not_applicable' then 'no package of care ran in the month'
        when answer = 'not_fillable' and care_setting is null then 'missing: Care provider: Care setting'
        when answer = 'not_fillable' and campaign_state = 'not_known'
            then 'missing: the dates of the campaign, in codes.csv of the return'
        when answer = 'not_fillable' then 'missing: ' || missing_item
    end as reason
from judged
