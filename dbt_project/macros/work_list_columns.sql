{#- What the work list and the list of what was decided tell of an event, in the order of both. -#}
{% macro work_list_columns() -%}
    submitter_id,
    event_code,
    notification,
    regulation,
    to_do,
    person_code,
    event_date,
    days_since_event,
    known_on,
    days_since_known,
    detail,
    still_recorded,
    location_basis,
    record_key,
    evidence
{%- endmacro %}
