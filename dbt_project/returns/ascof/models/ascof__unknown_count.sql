-- 2E lists the councils of the lookup by code and name; 3D also shows, nameless, councils the lookup lacks.
with unknown_2e as (
    select
        period_id,
        measure,
        submitter_id as la_code,
        {{ same_text('la_name') }} as la_name_key,
        count(distinct person_key) as people
    from {{ ref('mbr_ascof__2e') }}
    where accommodation_is_unknown and coalesce(reason, '') not in ('died_before_period', 'under_18')
    group by period_id, measure, submitter_id, {{ same_text('la_name') }}
),

unknown_3d as (
    select
        period_id,
        measure,
        submitter_id as la_code,
        count(distinct person_key) as people
    from {{ ref('mbr_ascof__3d') }}
    where is_unknown and coalesce(reason, '') <> 'under_18'
    group by period_id, measure, submitter_id
),

measure_2e as (
    select 'ASCOF 2E' as measure
    union all
    select 'ASCOF 2E LD'
),

measure_3d as (
    select 'ASCOF 3D (Clients)' as measure
    union all
    select 'ASCOF 3D (Carers)'
),

wanted_3d as (
    select
        period.period_id,
        period.reporting_period,
        measure_3d.measure,
        council.la_code,
        council.la_name
    from {{ ref('stg_cld__council') }} as council
    cross join measure_3d
    inner join {{ ref('stg_cld__method_period') }} as period on period.family = 'year'
)

select
    period.period_id,
    period.reporting_period,
    council.la_code,
    council.la_name,
    measure_2e.measure,
    'Accommodation status = unknown or invalid' as description,
    coalesce(unknown_2e.people, 0) as people
from {{ ref('stg_cld__council') }} as council
cross join measure_2e
inner join {{ ref('stg_cld__method_period') }} as period on period.family = 'year'
left join unknown_2e
    on
        period.period_id = unknown_2e.period_id
        and measure_2e.measure = unknown_2e.measure
        and council.la_code = unknown_2e.la_code
        and {{ same_text('council.la_name') }} = unknown_2e.la_name_key
union all
select
    wanted_3d.period_id,
    wanted_3d.reporting_period,
    wanted_3d.la_code,
    wanted_3d.la_name,
    wanted_3d.measure,
    'Unknown or invalid delivery mechanism, or unable to deduce from service component' as description,
    coalesce(unknown_3d.people, 0) as people
from wanted_3d
left join unknown_3d
    on
        wanted_3d.period_id = unknown_3d.period_id
        and wanted_3d.measure = unknown_3d.measure
        and wanted_3d.la_code = unknown_3d.la_code
union all
select
    unknown_3d.period_id,
    period.reporting_period,
    cast(null as varchar(20)) as la_code,
    cast(null as varchar(100)) as la_name,
    unknown_3d.measure,
    'Unknown or invalid delivery mechanism, or unable to deduce from service component' as description,
    unknown_3d.people
from unknown_3d
inner join {{ ref('stg_cld__method_period') }} as period
    on period.family = 'year' and unknown_3d.period_id = period.period_id
left join {{ ref('stg_cld__council') }} as council on unknown_3d.la_code = council.la_code
where council.la_code is null
