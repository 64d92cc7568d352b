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

-- Beside one number, two first names differ clearly only if both are in use: an initial is no name, and "Dvid" may be a
-- slip for anything it resembles.
create or replace temp macro weigh_first_names(first_names, given_a, in_use_a, given_b, in_use_b) as
if(
    first_names = 'different' and (
        least(length(given_a), length(given_b)) = 1
        or (not (in_use_a and in_use_b) and jaro_winkler_similarity(given_a, given_b) >= 0.6)
    ),
    'unclear', first_names
);

create or replace temp macro families_equal(family_a, former_a, family_b, former_b) as
coalesce(family_a = family_b, false) or coalesce(former_a = family_b, false) or coalesce(family_a = former_b, false);

create or replace temp macro names_swapped(family_a, given_a, family_b, given_b) as
coalesce(family_a = given_b and given_a = family_b, false);

create or replace temp macro same_household(postcode_a, address_a, postcode_b, address_b) as
coalesce(
    postcode_a = postcode_b and (address_a is null or address_b is null or address_a = address_b), false
);

-- The cross-check: may two sets of details that carry one number be one person? It holds by birth date, by names or by home.
create or replace temp macro cross_check(births, first_names, families, swapped, household) as
case
    when swapped and births not in ('contradict', 'generation') then 'names'
    when first_names = 'different' and household then 'first_names_differ'
    when births = 'equal' then 'birth_date'
    when births = 'parts' then 'birth_date_parts'
    when first_names = 'same' and families and births = 'generation' then 'namesake'
    when first_names = 'same' and families then 'names'
    when births in ('same_year', 'unknown') and first_names in ('same', 'close') and household then 'home'
    when births = 'unknown' and first_names = 'unknown' then 'nothing_to_compare'
    else 'disagree'
end;

create or replace temp macro cross_check_holds(outcome) as outcome in ('birth_date', 'birth_date_parts', 'names', 'home');

create or replace temp macro cross_check_words(outcome) as
case outcome
    when 'birth_date' then 'birth date equal'
    when 'birth_date_parts' then 'birth date equal in two parts or with day and month swapped'
    when 'names' then 'both names equal'
    when 'home' then 'first name and home agree and no full birth date speaks against it'
    when 'first_names_differ' then 'same household and clearly different first names'
    when 'namesake' then 'names equal, but the birth dates lie a generation apart'
    when 'nothing_to_compare' then 'neither birth date nor names to compare'
    when 'disagree' then 'birth date and names disagree'
end;
