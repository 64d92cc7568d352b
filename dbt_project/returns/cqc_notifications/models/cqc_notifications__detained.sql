select
    section.record_key,
    section.person_key,
    section.holds_from as section_from,
    section.holds_until as section_to
from {{ ref('core__coded_fact') }} as section
inner join {{ ref('core__value_set') }} as detained
    on
        detained.value_set = 'band_mental_health_act'
        and section.code_list = detained.code_list
        and section.code = detained.code
where section.element = 'mental_health_act' and section.person_key is not null and section.holds_from is not null
