{#- A label as council systems write it, moved to its Release 2 wording. One join per coded field to
    stg_cld__label; where no Release 2 wording is known the label stays as it came. -#}

{#- The Release 2 label, the raw label and the label's state of one coded field. -#}
{% macro cld_label_columns(field, column=none) %}
    {%- set raw = 'trim(record.' ~ (column or field) ~ ')' -%}
    coalesce(label_{{ field }}.release_2_label, {{ raw }}) as {{ field }},
    record.{{ column or field }} as {{ field }}_raw,
    case
        when {{ raw }} is null or {{ raw }} = '' then 'missing'
        when label_{{ field }}.is_release_2_wording and {{ raw }} = label_{{ field }}.release_2_label then 'release 2'
        when {{ raw }} = label_{{ field }}.release_1_spelling then 'release 1'
        when label_{{ field }}.is_release_2_wording then 'release 2 except capitals'
        when label_{{ field }}.label_key is not null then 'release 1'
        when (
            select complete_list.is_complete
            from {{ ref('stg_cld__code_field') }} as complete_list
            where complete_list.field = '{{ field }}'
        ) then 'invalid'
        else 'not judged'
    end as {{ field }}_label_state
{%- endmacro %}

{#- The join that cld_label_columns reads from. -#}
{% macro cld_label_join(field, column=none) %}
left join {{ ref('stg_cld__label') }} as label_{{ field }}
    on
        label_{{ field }}.field = '{{ field }}'
        and label_{{ field }}.label_key = lower(trim(record.{{ column or field }}))
{%- endmacro %}

{#- Whether a text says what a Release 2 label says, without case and outer blanks. -#}
{% macro cld_says(column, label) -%}
    coalesce(lower(trim({{ column }})) = '{{ label | lower }}', false)
{%- endmacro %}

{#- Whether a text starts as a family of Release 2 labels starts. -#}
{% macro cld_starts(column, start) -%}
    coalesce(lower(trim({{ column }})) like '{{ start | lower }}%', false)
{%- endmacro %}
