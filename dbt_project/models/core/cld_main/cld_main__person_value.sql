{#- What each label says about a person: the value it reads as, and how far from known it is (0 = known). The row
    without a label is for values that no mapping knows. -#}
with labels as (
    select
        field,
        label_id,
        label,
        label_key
    from {{ ref('cld_main__label') }}
    where kind = 'label'
    {%- for name in person_attributes() %}
    union all
    select
        '{{ name }}' as field,
        0 as label_id,
        'Invalid and not mapped' as label,
        'invalid and not mapped' as label_key
    {%- endfor %}
),

judged as (
    {%- for name, rule in person_attributes().items() %}
    select
        field,
        label_id,
        {%- if rule.known is defined %}
        -- The labels of a rule stand on one line, however many there are.
        case
            when label_key in ('{{ rule.known | join("', '") }}') then label -- noqa: LT05
            else '{{ rule.reads_as }}'
        end as value,
        case
            when label_key in ('{{ rule.known | join("', '") }}') then 0 -- noqa: LT05
            else 2
        end as distance
        {%- else %}
        case when label_key = 'invalid and not mapped' then '{{ rule.reads_as }}' else label end as value,
        case
            when label_key in ('{{ rule.unknown | join("', '") }}') then 2 -- noqa: LT05
            when label_key = '{{ rule.nearly | default('') }}' then 1
            else 0
        end as distance
        {%- endif %}
    from labels
    where field = '{{ name }}'
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    field,
    label_id,
    value,
    distance,
    cast(dense_rank() over (partition by field order by value asc nulls last) as bigint) as value_id
from judged
