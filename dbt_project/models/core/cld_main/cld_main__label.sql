-- Labels as the wide table holds them: by number, since there are few of them and millions of rows.
select distinct
    'label' as kind,
    field,
    label_id,
    cleaned as label,
    cleaned_key as label_key
from {{ ref('cld_main__spelling') }}
where label_id is not null
union all
select distinct
    'group' as kind,
    field,
    group_id as label_id,
    grouped as label,
    {{ same_text('grouped') }} as label_key
from {{ ref('cld_main__spelling') }}
where group_id is not null
