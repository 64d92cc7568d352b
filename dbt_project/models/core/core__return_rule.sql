-- A rule on one field says in its threshold what a value must be: a word for the kind, then its terms.
select
    rule.return_id,
    rule.rule_id,
    rule.model,
    rule.population,
    rule.fields as field,
    split_part(rule.threshold, ' ', 1) as kind,
    nullif(split_part(rule.threshold, ' ', 2), '') as terms,
    nullif(split_part(rule.threshold, ' ', 3), '') as step
from {{ ref('stg_return__rule') }} as rule
inner join {{ ref('stg_run__return') }} as run_return on rule.return_id = run_return.return_id
cross join {{ ref('stg_run__parameters') }} as run
where
    (rule.valid_from is null or rule.valid_from <= run.as_at_date)
    and (rule.valid_to is null or rule.valid_to >= run.as_at_date)
