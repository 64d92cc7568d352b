{{ config(materialized='view') }}

-- Sex, age and client type of who is left out are not asked: they stand beside the total of their council and of
-- England.
with council as (
    select
        {{ same_text('la_name') }} as area_key,
        min(la_code) as la_code
    from {{ ref('stg_cld__council') }}
    group by {{ same_text('la_name') }}
),

placed as (
    select
        left_out.*,
        'england' as council
    from {{ ref('ascof__2d_left_out') }} as left_out
    union all
    select
        left_out.*,
        council.la_code as council
    from {{ ref('ascof__2d_left_out') }} as left_out
    inner join council on {{ same_text('left_out.area') }} = council.area_key
)

select
    'ascof' as return_id,
    council as submitter_id,
    measure,
    period_id,
    person_key,
    event_key,
    record_key,
    'excluded' as role,
    reason,
    evidence,
    cast(1 as decimal(18, 4)) as quantity,
    {{ official_cell_id(
        "case measure when 'ASCOF 2D part 1' then '2d_part1' else '2d_part2' end", "'Total'", 'council', 'period_id'
    ) }} as cell_id
from placed
