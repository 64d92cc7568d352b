{{ config(materialized='view') }}
select
    field.submitter_id,
    field.record_key,
    field.database_column,
    official.header,
    field.role = 'numerator' as is_filled
from {{ ref('mbr_cld__field') }} as field
inner join {{ ref('stg_cld__field') }} as official
    on field.database_column = official.database_column
where
    field.is_mandatory
    and field.database_column not in ('Unit_Cost', 'Cost_Frequency_Unit_Type', 'Planned_Units_Per_Week')
