{%- set dimensions = [
    'age_band', 'gender', 'ethnic_group', 'need', 'funding', 'arrangement', 'place', 'hours_caring'
] %}
with described as (
    {% for dimension in dimensions %}
    {% if not loop.first %}
    union all
    {% endif %}
    select
        view_id,
        '{{ dimension }}' as dimension,
        {{ dimension }} as dimension_value,
        setting,
        person_key
    from {{ ref('agg__demand_person_attribute') }}
    where {{ dimension }} is not null
    {% endfor %}
)

select
    view_id,
    dimension,
    coalesce(dimension_value, 'Total') as dimension_value,
    coalesce(setting, 'Total') as setting,
    count(*) as people
from described
group by grouping sets (
    (view_id, dimension, dimension_value, setting),
    (view_id, dimension, dimension_value),
    (view_id, dimension, setting),
    (view_id, dimension)
)
