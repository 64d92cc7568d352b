select distinct
    'bands_24' as population_source,
    code,
    geography,
    gender,
    age_band,
    cast(null as varchar(10)) as year,
    cast(null as varchar(50)) as pub_flag,
    population
from {{ source('cld_store', 'cld_population_bands_24') }}
union
select distinct
    'all_publications' as population_source,
    code,
    geography,
    gender,
    age_band,
    year,
    pub_flag,
    population
from {{ source('cld_store', 'cld_population_all_publications') }}
