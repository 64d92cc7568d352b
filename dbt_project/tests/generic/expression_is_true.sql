{#- Fails with each row for which the expression does not hold; an unknown answer fails too. -#}
{% test expression_is_true(model, expression) %}
select *
from {{ model }}
where not coalesce({{ expression }}, false)
{% endtest %}
