-- A number given for a service of which it is not asked.
{%- for column in ('capacity', 'utilisation') %}
select
    'asc_wds.{{ column }}_not_asked' as rule_id,
    file.submitter_id,
    file.record_key,
    '{{ column | upper }}' as field,
    split_part(file.{{ column }}, ';', place.position) as value_seen,
    'service ' || kind.code as evidence
from {{ ref('ret_asc_wds__workplace') }} as file
inner join {{ ref('asc_wds__place') }} as place on place.position <= {{ entries_in('file.allservices') }}
inner join {{ ref('asc_wds__service_kind') }} as kind
    on split_part(file.allservices, ';', place.position) = kind.code and not kind.asks_{{ column }}
where file.is_judged and coalesce(split_part(file.{{ column }}, ';', place.position), '') <> ''
union all
{%- endfor %}
select
    'asc_wds.service_type_not_known' as rule_id,
    submitter_id,
    record_key,
    'cld_service_component' as field,
    'no service of ASC-WDS' as value_seen,
    evidence
from {{ ref('mbr_asc_wds__people') }}
where reason = 'service_type_not_known'
