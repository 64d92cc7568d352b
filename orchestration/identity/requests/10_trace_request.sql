-- trace_request: one row per person record, with its need of a trace and what it may be traced by. Names hold letters,
-- spaces, hyphens and apostrophes only and begin with a letter, so that no spreadsheet takes a cell for a formula.
create or replace temp table trace_request as
with weighed as (
    select
        r.person_record_key,
        r.nhs_number_status is not distinct from '07' as is_not_required,
        d.is_verified
        or coalesce(not o.is_stale and o.answer_class not in ('not_traced', 'row_fault'), false) as is_answered,
        r.birth_date is not null and (shape.number_state is not distinct from 'valid' or r.family is not null)
            as is_enough,
        if(shape.number_state = 'valid', r.claimed_number, null) as number,
        known_name(p.family_name) as family_name,
        known_name(p.given_name) as given_name,
        case r.gender when 'm' then '1' when 'f' then '2' end as gender,
        strftime(r.birth_date, '%Y%m%d') as birth_date,
        left(r.postcode, length(r.postcode) - 3) || ' ' || right(r.postcode, 3) as postcode
    from clean_record as r
    inner join person_record as p on r.person_record_key = p.person_record_key
    inner join number_decision as d on r.person_record_key = d.person_record_key
    left join number_shape as shape on r.claimed_number = shape.number
    left join trace_outcome as o on r.person_record_key = o.person_record_key
)

select
    person_record_key,
    case
        when is_answered then 'answered'
        when is_not_required then 'not_required'
        when not is_enough then 'too_little'
        else 'needed'
    end as need,
    number,
    left(trim(regexp_replace(upper(family_name), '^[^\p{L}]+|[^\p{L} ''-]', '', 'g')), 35) as family_name,
    left(trim(regexp_replace(upper(given_name), '^[^\p{L}]+|[^\p{L} ''-]', '', 'g')), 35) as given_name,
    gender,
    birth_date,
    postcode
from weighed;
