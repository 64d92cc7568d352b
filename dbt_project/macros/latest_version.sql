{#- The order in which versions of one record count: the highest version number first; the same version sent again
    counts as the copy of the newest extract. -#}
{% macro newest_version_first() -%}
    row_number() over (
        partition by _sender_id, record_uid
        order by
            version_number desc nulls last,
            _as_at desc nulls last,
            _extract_id desc nulls last,
            _source_row desc nulls last
    )
{%- endmacro %}

{#- The newest version of every record of a class. -#}
{% macro latest_version(relation) -%}
    (
        select *
        from (
            select
                *,
                {{ newest_version_first() }} as _version_rank
            from {{ relation }}
        ) as versions
        where _version_rank = 1
    )
{%- endmacro %}
