{%- for position in range(1, (asc_wds_most_entries() | trim | int) + 1) %}
select {{ position }} as position
{%- if not loop.last %}
union all
{%- endif %}
{%- endfor %}
