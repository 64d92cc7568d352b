{{ config(materialized='view') }}

{% set own = 'measure, period_id, person_key, event_key, record_key, role, reason, evidence, quantity'.split(', ') -%}
{%- set asked = [
    ('2a', "'2a'", 'age_band', "'Total'", 'true'),
    ('2b2c', "'2b'", "'18 to 64'", 'null', "measure = 'ASCOF 2B'"),
    ('2b2c', "'2c'", "'65 and above'", 'null', "measure = 'ASCOF 2C'"),
    ('2e', "'2e_ld'", 'gender', "'Total'", "measure = 'ASCOF 2E LD'"),
    ('2e', "'2e_18_64'", 'gender', "'Total'", "measure = 'ASCOF 2E' and (age_band = '18 to 64' or role = 'excluded')"),
    ('2e', "'2e_65'", 'gender', "'Total'", "measure = 'ASCOF 2E' and (age_band = '65 and above' or role = 'excluded')"),
    ('3d', 'concat(\'3d_\', substring(description, 1, 2))', 'age_band', "'Total'", 'true'),
] -%}
{%- set slices = ["'Total'", 'age_group', 'gender'] -%}
-- Whoever was excluded before an age or sex was asked stands in Total, or in every question of the measure.
with council as (
    select
        {{ same_text('la_name') }} as area_key,
        min(la_code) as la_code
    from {{ ref('stg_cld__council') }}
    group by {{ same_text('la_name') }}
),

asked as (
    {%- for membership, item, band, total, condition in asked %}
    select
        {{ own | join(',\n        ') }},
        submitter_id as council,
        {{ item }} as item_id,
        {{ band }} as band,
        cast({{ total }} as varchar(10)) as total
    from {{ ref('mbr_ascof__' ~ membership) }}
    where {{ condition }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

hospital as (
    {%- for part, role, reason in [('1', 'role', 'reason'), ('2', "'numerator'", 'cast(null as varchar(40))')] %}
    select
        'ASCOF 2D part {{ part }}' as measure,
        period_id,
        person_key,
        event_key,
        record_key,
        {{ role }} as role,
        {{ reason }} as reason,
        evidence,
        quantity,
        '2d_part{{ part }}' as item_id,
        {{ same_text('area') }} as area_key,
        client_type,
        age_group,
        gender
    from {{ ref('mbr_ascof__2d') }}
    union all
    {%- endfor %}
    select
        'ASCOF 2D part 2' as measure,
        period_id,
        person_key,
        apcs_ident as event_key,
        cast(null as varchar(40)) as record_key,
        'denominator' as role,
        cast(null as varchar(40)) as reason,
        concat('discharged ', cast(discharge_date as varchar(10))) as evidence,
        cast(1 as decimal(18, 4)) as quantity,
        '2d_part2' as item_id,
        {{ same_text('home_area') }} as area_key,
        client_type,
        age_group,
        gender
    from {{ ref('ascof__2d_discharge') }}
),

sliced as (
    {%- for slice in slices %}
    {%- for client_type in ["'Total'", 'client_type'] %}
    select
        {{ own | join(',\n        ') }},
        item_id,
        area_key,
        {{ client_group(slice, client_type) }} as breakdown
    from hospital
    {{ 'union all' if not loop.last }}
    {%- endfor %}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

placed as (
    {%- for breakdown in ['band', 'total'] %}
    select {{ own | join(', ') }}, council, item_id, {{ breakdown }} as breakdown
    from asked
    where {{ breakdown }} is not null
    union all
    {%- endfor %}
    select {{ own | join(', ') }}, 'england' as council, item_id, breakdown
    from sliced
    union all
    select {{ own | join(', ') }}, council.la_code as council, item_id, breakdown
    from sliced
    inner join council on sliced.area_key = council.area_key
)

select
    'ascof' as return_id,
    council as submitter_id,
    {{ own | join(',\n    ') }},
    {{ official_cell_id('item_id', 'breakdown', 'council', 'period_id') }} as cell_id
from placed
