{%- for position in range(1, 61) %}
select {{ position }} as position
{%- if not loop.last %}
union all
{%- endif %}
{%- endfor %}
