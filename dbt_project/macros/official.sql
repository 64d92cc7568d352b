{#- What the official method leaves to its database, written for the engines used here. -#}

{#- Text as the official database compares it: without case and without trailing blanks. -#}
{% macro same_text(column) -%}
    lower(trim(trailing ' ' from {{ column }}))
{%- endmacro %}

{#- Whether a text is one of the labels; null text gives null, as in the official code. -#}
{% macro is_label(column, labels) -%}
    {%- set labels = [labels] if labels is string else labels -%}
    {{ same_text(column) }} in (
    {%- for label in labels %}'{{ label | lower | replace("'", "''") }}'{{ ', ' if not loop.last }}{% endfor -%}
    )
{%- endmacro %}

{% macro days_between(earlier, later) -%}
    {{ return(adapter.dispatch('days_between')(earlier, later)) }}
{%- endmacro %}
{% macro default__days_between(earlier, later) -%} date_diff('day', {{ earlier }}, {{ later }}) {%- endmacro %}
{% macro spark__days_between(earlier, later) -%} cast(datediff({{ later }}, {{ earlier }}) as bigint) {%- endmacro %}

{% macro add_days(day, days) -%}
    {{ return(adapter.dispatch('add_days')(day, days)) }}
{%- endmacro %}
{% macro default__add_days(day, days) -%} ({{ day }} + cast({{ days }} as integer)) {%- endmacro %}
{% macro spark__add_days(day, days) -%} date_add({{ day }}, cast({{ days }} as int)) {%- endmacro %}

{% macro add_months(day, months) -%}
    {{ return(adapter.dispatch('add_months')(day, months)) }}
{%- endmacro %}
{% macro default__add_months(day, months) -%}
    cast({{ day }} + to_months(cast({{ months }} as integer)) as date)
{%- endmacro %}
{% macro spark__add_months(day, months) -%} add_months({{ day }}, cast({{ months }} as int)) {%- endmacro %}

{% macro first_of_month(day) -%} cast(date_trunc('month', {{ day }}) as date) {%- endmacro %}

{#- Age in whole years as the official code counts it: days over 365.25. On some birthdays a year short. -#}
{% macro official_age(birth_date, at_date) -%}
    cast(floor({{ days_between(birth_date, at_date) }} / 365.25) as integer)
{%- endmacro %}

{#- The first day of the birth month: the official data know no birth day. -#}
{% macro birth_month_start(year, month) -%}
    case
        when {{ month }} between 1 and 12 and {{ year }} between 1 and 9999
            then make_date(cast({{ year }} as integer), cast({{ month }} as integer), 1)
    end
{%- endmacro %}

{#- The number that stands for a tuple of texts; null and the empty text differ. -#}
{% macro tuple_key(columns) -%}
    {{ return(adapter.dispatch('tuple_key')(columns)) }}
{%- endmacro %}
{% macro default__tuple_key(columns) -%} hash({{ columns | join(', ') }}) {%- endmacro %}
{% macro spark__tuple_key(columns) -%}
    xxhash64(
        {%- for column in columns %}coalesce(cast({{ column }} as string), '\u001e'){{ ', ' if not loop.last }}{% endfor -%}
    )
{%- endmacro %}

{#- Texts of a group joined by comma and blank, in the order of the key. -#}
{% macro joined_texts(text, order_key) -%}
    {{ return(adapter.dispatch('joined_texts')(text, order_key)) }}
{%- endmacro %}
{% macro default__joined_texts(text, order_key) -%}
    string_agg({{ text }}, ', ' order by {{ order_key }} asc nulls last)
{%- endmacro %}
{% macro spark__joined_texts(text, order_key) -%}
    case when count({{ text }}) > 0 then array_join(transform(array_sort(collect_list(
        case when {{ text }} is not null then struct({{ order_key }} as k, {{ text }} as t) end
    )), x -> x.t), ', ') end
{%- endmacro %}

{#- The middle value, halfway between the two middle ones of an even count. -#}
{% macro median_of(column) -%} percentile_cont(0.5) within group (order by {{ column }} asc) {%- endmacro %}

{#- A period as the official tables write it, such as '1 Apr 25 - 31 Mar 26'. -#}
{% macro period_text(start, end) -%} concat({{ day_text(start) }}, ' - ', {{ day_text(end) }}) {%- endmacro %}
{% macro day_text(day) -%}
    concat(
        cast(day({{ day }}) as varchar(2)), ' ',
        case month({{ day }})
        {%- for name in ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] %}
            when {{ loop.index }} then '{{ name }}'
        {%- endfor %}
        end, ' ',
        substring(cast(year({{ day }}) as varchar(4)), 3, 2)
    )
{%- endmacro %}

{#- A percentage or rate rounded half away from zero; zero when there is nothing to divide by. -#}
{% macro rate(numerator, denominator, factor, decimals) -%}
    case
        when {{ denominator }} > 0
            then round(
                cast({{ numerator }} as double) / cast({{ denominator }} as double) * {{ factor }}, {{ decimals }}
            )
    end
{%- endmacro %}
