{{ config(materialized='view') }}

-- The name of the official table stays with a figure: where an input is missing, the table and its cells are left out.
with council as (
    select {{ same_text('la_name') }} as area_key, min(la_code) as la_code
    from {{ ref('stg_cld__council') }}
    group by {{ same_text('la_name') }}
),

cell as (
    select
        case
            when measure in ('ASCOF 2B', 'ASCOF 2C') then 'ascof_2b2c'
            when measure like 'ASCOF 3D%' then 'ascof_3d'
            else lower(replace(measure, ' ', '_'))
        end as official_table,
        {{ official_item('measure', 'description') }} as item_id,
        measure,
        period_id,
        reporting_period,
        la_code as council,
        la_name as council_name,
        age_or_sex_group as breakdown,
        numerator,
        denominator,
        outcome
    from {{ ref('ascof__figure') }}
    {%- for part, numerator, denominator in [
        ('part1', 'numerator', 'denominator'), ('part2', 'reablement_count', 'discharges')
    ] %}
    union all
    select
        'ascof_2d_{{ part }}' as official_table,
        '2d_{{ part }}' as item_id,
        'ASCOF 2D {{ part[:-1] }} {{ part[-1] }}' as measure,
        {{ part }}.period_id,
        {{ part }}.reporting_period,
        coalesce(council.la_code, 'england') as council,
        {{ part }}.area as council_name,
        {{ client_group(part ~ '.slice', part ~ '.client_type') }} as breakdown,
        {{ part }}.{{ numerator }} as numerator,
        {{ part }}.{{ denominator }} as denominator,
        cast({{ part }}.outcome_percent as double) as outcome
    from {{ ref('ascof__2d_' ~ part) }} as {{ part }}
    left join council on {{ same_text(part ~ '.area') }} = council.area_key
    {%- endfor %}
)

select
    'ascof' as return_id,
    official_table,
    measure,
    item_id,
    period_id,
    reporting_period,
    council,
    council_name,
    breakdown,
    cast(numerator as bigint) as numerator,
    cast(denominator as bigint) as denominator,
    cast(outcome as decimal(18, 4)) as outcome,
    {{ official_cell_id('item_id', 'breakdown', 'council', 'period_id') }} as cell_id
from cell
