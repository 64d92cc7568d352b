-- trace_outcome: one row per person record that has a trace answer: the newest answer that says something and
-- still speaks of the number the record carries now.
-- From sensitive people (code 92) no address, GP or contact is taken; none of those is taken from anybody further than
-- the household comparison, and none is ever written out.
create or replace temp table trace_outcome as
with answer as (
    select
        a.unique_reference as person_record_key,
        trim(a.error_success_code) as code,
        k.answer_class,
        asked.number as asked_number,
        case when answered.number_state = 'valid' then answered.number end as answered_number,
        trim(a.matched_algorithm_indicator) as algorithm,
        try_cast(a.matched_confidence_percentage as decimal(5, 2)) as confidence,
        clean_family(a.family_name) as family,
        clean_given(a.given_name) as given,
        coalesce(clean_given(a.other_given_name), clean_middle(a.given_name)) as middle,
        read_date(a.date_of_birth) as birth_date,
        read_date(a.date_of_death) as death_date,
        g.comparable as gender,
        case
            when k.answer_class <> 'matched_sensitive' and coalesce(trim(a.sensitivty_flag), '') in ('', 'U', 'N', '0')
                then clean_postcode(a.postcode)
        end as postcode,
        a._extract_id as extract_id,
        a._source_row as source_row,
        a._as_at as as_at
    from trace_response as a
    inner join trace_code as k on trim(a.error_success_code) = k.code
    left join number_shape as asked on clean_number(a.req_nhs_number) = asked.number
    left join number_shape as answered on clean_number(a.matched_nhs_no) = answered.number
    left join comparable_gender as g on lower(trim(a.gender)) = g.value
),

followed as (
    select
        a.*,
        r.claimed_number,
        shape.number_state as claimed_state,
        case when chain.old_number is null then a.answered_number else chain.new_number end as traced_number
    from answer as a
    inner join clean_record as r on a.person_record_key = r.person_record_key
    left join number_shape as shape on r.claimed_number = shape.number
    left join replaced_number as chain on a.answered_number = chain.old_number
),

judged as (
    select
        *,
        -- Stale: the record now carries a number other than the one asked about and other than the one answered.
        not (
            claimed_number is not distinct from asked_number
            or coalesce(claimed_number in (answered_number, traced_number), false)
            or (asked_number is null and claimed_number is not null and claimed_state <> 'valid')
        ) as is_stale,
        answer_class in ('matched', 'matched_superseded', 'matched_sensitive') as is_match,
        answer_class in ('not_traced', 'row_fault') as says_nothing
    from followed
)

select
    j.* exclude (says_nothing, is_match, claimed_number, claimed_state),
    j.is_match and j.traced_number is not null
    and not (j.answer_class = 'matched_superseded' and j.answered_number is not distinct from j.asked_number)
        as is_usable_match,
    j.is_match as is_match,
    case
        when j.given is not null then list_distinct(list_concat([j.given], coalesce(f.full_names, [])))
    end as given_forms
from judged as j
left join first_name_form as f on j.given = f.name
qualify row_number() over (
    partition by j.person_record_key
    order by
        j.says_nothing asc, j.is_stale asc, j.as_at desc nulls last, j.extract_id desc nulls last,
        j.source_row desc nulls last
) = 1;
