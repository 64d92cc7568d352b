{#- The rows of the newest file each sender handed over: a file that lists everything replaces the one before. -#}
{% macro newest_file(relation) -%}
    (
        select *
        from (
            select
                *,
                dense_rank() over (
                    partition by _sender_id
                    order by _as_at desc nulls last, _extract_id desc nulls last
                ) as _file_rank
            from {{ relation }}
        ) as files
        where _file_rank = 1
    )
{%- endmacro %}
