{{ config(materialized='view') }}

with admitted as (
    select
        person.variant,
        person.period_id,
        person.la_code,
        person.age_band,
        count(*) as numerator
    from {{ ref('ascof__2b2c_person') }} as person
    where person.variant in ('blank_component_2b2c', 'count_local_ids_2b2c')
    group by person.variant, person.period_id, person.la_code, person.age_band
)

select
    variant.variant,
    figure.period_id,
    figure.la_code,
    figure.measure,
    figure.description,
    figure.age_or_sex_group,
    coalesce(admitted.numerator, 0) as numerator,
    figure.denominator
from {{ ref('ascof__2b2c_figure') }} as figure
inner join {{ ref('ascof__variant') }} as variant
    on variant.variant in ('blank_component_2b2c', 'count_local_ids_2b2c')
left join admitted
    on
        variant.variant = admitted.variant
        and figure.period_id = admitted.period_id
        and figure.la_code = admitted.la_code
        and figure.age_or_sex_group = admitted.age_band
