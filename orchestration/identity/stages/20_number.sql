-- number_shape: one row per distinct number written anywhere (carried, asked about, answered): is it well formed?
-- Weights 10 to 2 on the first nine digits; the check digit is 11 less the remainder; 11 counts as 0, 10 cannot be.
create or replace temp table number_shape as
with written as (
    select claimed_number as number from clean_record
    union
    select clean_number(req_nhs_number) from trace_response
    union
    select clean_number(matched_nhs_no) from trace_response
),

judged as (
    select
        number,
        coalesce(regexp_full_match(number, '[0-9]{10}'), false) as is_ten_digits,
        number = repeat(left(number, 1), 10) as is_repeated,
        try_cast(left(number, 9) as integer) as stem,
        try_cast(right(number, 1) as integer) as check_digit,
        list_sum([try_cast(substr(number, place, 1) as integer) * (11 - place) for place in range(1, 10)]) as weighted
    from written
    where number is not null
),

in_range as (
    select
        j.number,
        bool_or(r.english = 'yes' or (r.english = 'test' and getvariable('is_synthetic'))) as is_accepted,
        bool_or(r.english = 'no') as is_other_nation
    from judged as j
    left join number_range as r on j.stem between r.first_stem and r.last_stem
    where j.is_ten_digits
    group by j.number
)

select
    j.number,
    case
        when not j.is_ten_digits then 'format'
        when j.is_repeated then 'repeated_digit'
        when (11 - j.weighted % 11) % 11 <> j.check_digit then 'check_digit'
        when coalesce(i.is_accepted, false) then 'valid'
        when coalesce(i.is_other_nation, false) then 'not_english'
        else 'out_of_range'
    end as number_state
from judged as j
left join in_range as i on j.number = i.number;
