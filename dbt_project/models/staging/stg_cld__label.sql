{{ config(materialized='table') }}

-- Every wording a coded field is known to come in, compared without case: the Release 2 labels and those of Release 1.
with release_2 as (
    select
        field.field,
        lower(trim(code.code)) as label_key,
        code.code as release_2_label
    from {{ ref('stg_cld__code_field') }} as field
    inner join {{ source('raw', 'code_list_code') }} as code
        on field.code_list = code.code_list
),

-- A Release 1 label may lead to nothing: the target was not found, or is a placeholder no file may carry.
release_1 as (
    select
        field.field,
        lower(trim(wording.release_1)) as label_key,
        wording.release_1 as release_1_spelling,
        release_2.release_2_label
    from {{ source('raw', 'cld_release_1_label') }} as wording
    inner join {{ ref('stg_cld__code_field') }} as field
        on wording.header = field.header
    left join release_2
        on
            field.field = release_2.field
            and lower(trim(wording.release_2)) = release_2.label_key
)

select
    coalesce(release_2.field, release_1.field) as field,
    coalesce(release_2.label_key, release_1.label_key) as label_key,
    coalesce(release_2.release_2_label, release_1.release_2_label) as release_2_label,
    release_1.release_1_spelling,
    release_2.label_key is not null as is_release_2_wording
from release_2
full outer join release_1
    on
        release_2.field = release_1.field
        and release_2.label_key = release_1.label_key
