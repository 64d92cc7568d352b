select
    council.la_code,
    council.la_name,
    population.age_band,
    population.population,
    population.population_source,
    population.code,
    population.geography,
    population.gender,
    population.year,
    population.pub_flag
from {{ ref('stg_cld__council') }} as council
cross join {{ ref('stg_cld__method_run') }} as run
inner join {{ ref('stg_cld__population') }} as population
    on
        run.population_source = population.population_source
        and {{ same_text('council.la_area_code') }} = {{ same_text('population.code') }}
        and {{ same_text('run.population_gender') }} = {{ same_text('population.gender') }}
        and (
            run.population_source = 'bands_24'
            or (
                run.population_year = population.year
                and {{ same_text('run.population_pub_flag') }} = {{ same_text('population.pub_flag') }}
            )
        )
where {{ is_label('population.geography', 'Local Authority') }} and population.age_band in ('18 to 64', '65 and above')
