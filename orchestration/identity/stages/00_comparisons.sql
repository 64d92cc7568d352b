-- How two values are compared, said once. Every later stage uses these and nothing else.
-- Weak birth date: 1 January stands for "day not known", so its day and month are no evidence.

create or replace temp macro birth_is_weak(born) as right(born::varchar, 5) = '01-01';

-- 'equal'; 'parts' (two of three parts equal, or day and month swapped); 'same_year' (one of them is a 1 January and may
-- be the same date not fully known); 'generation' (contradict by fifteen years or more); 'contradict'; 'unknown'.
-- Dates are compared as text, YYYY-MM-DD: the parts stand at fixed places.
create or replace temp macro compare_written_births(born_a, born_b, years_apart) as
case
    when born_a is null or born_b is null then 'unknown'
    when born_a = born_b then 'equal'
    when right(born_a, 5) <> '01-01' and right(born_b, 5) <> '01-01' and (
        left(born_a, 7) = left(born_b, 7)
        or right(born_a, 5) = right(born_b, 5)
        or (years_apart = 0 and right(born_a, 2) = right(born_b, 2))
        or (years_apart = 0 and right(born_a, 2) || '-' || substr(born_a, 6, 2) = right(born_b, 5))
    ) then 'parts'
    when years_apart >= 15 then 'generation'
    when years_apart = 0 and '01-01' in (right(born_a, 5), right(born_b, 5)) then 'same_year'
    else 'contradict'
end;

create or replace temp macro compare_births(born_a, born_b) as
compare_written_births(born_a::varchar, born_b::varchar, abs(datediff('year', born_a, born_b)));

-- 'same' (equal or forms of one name); 'different' (no initial, no slip of the pen); 'close'; 'unknown'.
-- `forms` holds the name and its full forms.
create or replace temp macro compare_first_names(given_a, forms_a, given_b, forms_b) as
case
    when given_a is null or given_b is null then 'unknown'
    when list_has_any(forms_a, forms_b) then 'same'
    when starts_with(given_a, given_b) or starts_with(given_b, given_a) then 'close'
    when jaro_winkler_similarity(given_a, given_b) >= 0.80 then 'close'
    when least(length(given_a), length(given_b)) > 1 and damerau_levenshtein(given_a, given_b) <= 1 then 'close'
    else 'different'
end;

create or replace temp macro families_equal(family_a, former_a, family_b, former_b) as
coalesce(family_a = family_b, false) or coalesce(former_a = family_b, false) or coalesce(family_a = former_b, false);

create or replace temp macro names_swapped(family_a, given_a, family_b, given_b) as
coalesce(family_a = given_b and given_a = family_b, false);

create or replace temp macro compare_genders(gender_a, gender_b) as
case when gender_a is null or gender_b is null then 'unknown' when gender_a = gender_b then 'equal' else 'different' end;

create or replace temp macro same_household(postcode_a, address_a, postcode_b, address_b) as
coalesce(
    postcode_a = postcode_b and (address_a is null or address_b is null or address_a = address_b), false
) or coalesce((postcode_a is null or postcode_b is null) and address_a = address_b, false);
