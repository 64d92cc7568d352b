{#- What a text says: a number, a British date, whether it has a form; null where it says no such thing. -#}
{% macro number_in(text) -%}
    {{ adapter.dispatch('number_in')(text) }}
{%- endmacro %}

{#- One engine would read 1_000 as a thousand. -#}
{% macro default__number_in(text) -%}
    case when {{ has_form(text, "'^[^_]*$'") }} then try_cast({{ text }} as decimal(18, 4)) end
{%- endmacro %}

{#- A whole number without a sign; any other text says none, even where it begins like one. -#}
{% macro whole_number_in(text) -%}
    case when {{ has_form(text, "'^[0-9]{1,13}$'") }} then {{ number_in(text) }} end
{%- endmacro %}

{#- DD/MM/YYYY. -#}
{% macro british_date(text) -%}
    {{ adapter.dispatch('british_date')(text) }}
{%- endmacro %}

{% macro default__british_date(text) -%}
    case
        when {{ has_form(text, "'^[0-9]{2}/[0-9]{2}/[0-9]{4}$'") }}
            then try_cast(
                substring({{ text }}, 7, 4) || '-' || substring({{ text }}, 4, 2) || '-' || substring({{ text }}, 1, 2)
                as date
            )
    end
{%- endmacro %}

{% macro has_form(text, pattern) -%}
    {{ adapter.dispatch('has_form')(text, pattern) }}
{%- endmacro %}

{% macro default__has_form(text, pattern) -%}
    regexp_matches({{ text }}, {{ pattern }})
{%- endmacro %}

{% macro spark__has_form(text, pattern) -%}
    {#- In Java $ also stands before a last line break and . leaves out more than a line break; here as in DuckDB. -#}
    {{ text }} rlike ('(?d)' || replace({{ pattern }}, '$', '\z'))
{%- endmacro %}

{#- The values of a group as one text parted by semicolons, in the order of a number. -#}
{% macro listed(value, place) -%}
    {{ adapter.dispatch('listed')(value, place) }}
{%- endmacro %}

{% macro default__listed(value, place) -%}
    string_agg({{ value }}, ';' order by {{ place }} asc nulls last)
{%- endmacro %}

{% macro spark__listed(value, place) -%}
    case when count({{ value }}) > 0 then array_join(transform(
        sort_array(collect_list(struct({{ place }} as place, {{ value }} as value))), x -> x.value
    ), ';') end
{%- endmacro %}

{#- How many entries a list parted by semicolons has; a blank list has one blank entry. -#}
{% macro entries_in(text) -%}
    (length(coalesce({{ text }}, '')) - length(replace(coalesce({{ text }}, ''), ';', '')) + 1)
{%- endmacro %}

{#- A list without its entry 0, which stands for `no other`. -#}
{% macro entries_but_none(text) -%}
    ({{ entries_in(text) }} - case when (';' || coalesce({{ text }}, '') || ';') like '%;0;%' then 1 else 0 end)
{%- endmacro %}

{#- Whether a text is written with an apostrophe in front, because a spreadsheet would take it for a formula. -#}
{% macro gets_apostrophe(text) -%}
    ({{ has_form(text, "'^[-=+@＝＋－＠]'") }} and not {{ has_form(text, "'^-?[0-9]+([.][0-9]+)?$'") }})
{%- endmacro %}
