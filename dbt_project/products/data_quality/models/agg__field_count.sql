-- Counted over the newest version of every record. Which classes and fields there are comes from the extract profile.
{%- set classes = profile_fields() %}
{%- set not_known = not_known_codes() %}
{% for record_class, fields in classes.items() %}
{{ 'with' if loop.first }} {{ record_class }}_counts as (
    select
        own._sender_id as sender_id,
        count(*) as records,
        count(*) - count(distinct md5(concat_ws('~'
            {%- for field in fields %}, coalesce(cast(own.{{ adapter.quote(field[0]) }} as string), ''){% endfor %}))) as repeats
        {%- for field in fields %}
        {%- set codes = not_known.get('*', []) + not_known.get(field[2], []) %},
        count(own.{{ adapter.quote(field[0]) }}) as filled_{{ loop.index }},
        sum(case when lower(cast(own.{{ adapter.quote(field[0]) }} as string)) in (
            {%- for code in codes %}'{{ code | replace("'", "''") }}'{{ ', ' if not loop.last }}{% endfor -%}
        ) then 1 else 0 end) as not_known_{{ loop.index }}
        {%- if field[1] in ('date', 'datetime') %},
        max(case when cast(own.{{ adapter.quote(field[0]) }} as date) <= run.as_at_date
            then cast(own.{{ adapter.quote(field[0]) }} as date) end) as newest_{{ loop.index }}
        {%- endif %}
        {%- endfor %}
    from {{ latest_version('raw.' ~ adapter.quote(record_class)) }} as own
    cross join {{ ref('stg_run__parameters') }} as run
    group by own._sender_id
){{ ',' if not loop.last }}
{% endfor %}
{% for record_class, fields in classes.items() %}
{{ 'union all' if not loop.first }}
select
    counts.sender_id,
    profile.record_class,
    profile.field,
    profile.element,
    profile.is_required,
    profile.is_identifying,
    counts.records,
    counts.repeats,
    cast(case profile.field
        {%- for field in fields %} when '{{ field[0] }}' then counts.filled_{{ loop.index }}{% endfor %} end as bigint
    ) as filled,
    cast(case profile.field
        {%- for field in fields %} when '{{ field[0] }}' then counts.not_known_{{ loop.index }}{% endfor %} end as bigint
    ) as not_known,
    {% set dated = fields | selectattr(1, 'in', ['date', 'datetime']) | list %}
    {% if dated %}
    -- The newest birth date of a sender is somebody's.
    case when not profile.is_identifying then case profile.field
        {%- for field in fields if field[1] in ('date', 'datetime') %} when '{{ field[0] }}' then counts.newest_{{ fields.index(field) + 1 }}{% endfor %} end end as newest_on
    {% else %}
    cast(null as date) as newest_on
    {% endif %}
from {{ record_class }}_counts as counts
inner join {{ source('raw', 'profile_column') }} as profile
    on profile.record_class = '{{ record_class }}' and profile.field not in ('record_uid', 'version_number')
{% endfor %}
