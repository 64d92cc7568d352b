{#- What several lines of a package come to in a week. Hours only where it is paid by the hour; a cost whose frequency
    is not a weekly one (one-off) or not known adds nothing, and nothing at all gives null, never zero. -#}
{% macro weekly_hours(frequency, units) -%}
    cast(sum(case when lower({{ frequency }}) = 'hourly' then {{ units }} end) as decimal(18, 4))
{%- endmacro %}

{% macro weekly_cost(frequency, unit_cost, units) -%}
    cast(
        sum(
            case lower({{ frequency }})
                when 'hourly' then {{ unit_cost }} * {{ units }}
                when 'per session' then {{ unit_cost }} * {{ units }}
                when 'per-session' then {{ unit_cost }} * {{ units }}
                when 'daily' then {{ unit_cost }} * {{ units }}
                when 'weekly' then {{ unit_cost }}
                when 'fortnightly' then {{ unit_cost }} / 2
                when '4-weekly' then {{ unit_cost }} / 4
                when 'four-weekly' then {{ unit_cost }} / 4
                when 'monthly' then {{ unit_cost }} * 12 / 52
                when 'quarterly' then {{ unit_cost }} * 4 / 52
                when 'annually' then {{ unit_cost }} / 52
            end
        ) as decimal(18, 4)
    )
{%- endmacro %}
