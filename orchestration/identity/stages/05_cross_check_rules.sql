-- The rules of the cross-check, said once: every stage that asks whose number it is uses these.

-- The everyday forms of the full names that stand behind a first name.
create or replace temp macro everyday_forms(forms) as
flatten(list_transform(forms, lambda form: map_extract_value(getvariable('everyday_names'), form)));

create or replace temp macro is_form_or_slip(given, everyday) as
len(list_filter(everyday, lambda form: if(
    length(given) = 1, left(form, 1) = given, length(form) > 2 and damerau_levenshtein(form, given) <= 1
))) > 0;

-- Beside one number more is asked: 'initial' is one letter that fits, 'other_initial' one that does not; 'two_names' are
-- alike and yet both known as names of their own (Joan and Jean), 'shorter_name' such a pair of which one is the other less
-- some letters (Jan and Joan, Victor and Victoria). A middle name, a slip in a nickname and a nickname's initial agree.
create or replace temp macro weigh_first_names(first_names, given_a, forms_a, middle_a, given_b, forms_b, middle_b) as
case
    when first_names = 'close' and least(length(given_a), length(given_b)) = 1 then 'initial'
    when
        first_names = 'close'
        and list_contains(getvariable('known_names'), given_a) and list_contains(getvariable('known_names'), given_b)
        then if(
            starts_with(given_a, given_b) or starts_with(given_b, given_a)
            or (length(given_a) <> length(given_b) and damerau_levenshtein(given_a, given_b) = 1),
            'shorter_name', 'two_names'
        )
    when first_names <> 'different' then first_names
    when list_contains(forms_a, middle_b) or list_contains(forms_b, middle_a) then 'close'
    when length(given_a) = 1 and left(middle_b, 1) = given_a then 'initial'
    when length(given_b) = 1 and left(middle_a, 1) = given_b then 'initial'
    when
        is_form_or_slip(given_a, everyday_forms(forms_b)) or is_form_or_slip(given_b, everyday_forms(forms_a))
        then if(least(length(given_a), length(given_b)) = 1, 'initial', 'close')
    when least(length(given_a), length(given_b)) = 1 then 'other_initial'
    else 'different'
end;

-- The cross-check: may two sets of details that carry one number be one person? It holds by birth date, by names or by
-- home. A twin or a partner shares family name or home, and may share the birth date: there the first name decides, and
-- where it is only a letter or is not known, the gender. Gender is 'equal', 'different' or 'unknown'.
create or replace temp macro cross_check(births, first_names, families, swapped, household, genders) as
case
    when swapped and births not in ('contradict', 'generation') then 'names'
    when
        (families or household)
        and (first_names = 'two_names' or (first_names = 'shorter_name' and genders = 'different'))
        then 'two_names'
    when
        first_names = 'different'
        and (household or (births in ('equal', 'parts') and (families or genders = 'different')))
        then 'first_names_differ'
    when
        (families or household) and (
            (first_names = 'other_initial' and (genders <> 'equal' or births <> 'equal'))
            or (genders = 'different' and first_names = 'unknown')
            or (genders = 'different' and first_names not in ('same', 'different') and births = 'parts')
        )
        then 'only_alike'
    when births = 'equal' then 'birth_date'
    when births = 'parts' and first_names <> 'different' then 'birth_date_parts'
    when first_names = 'same' and families and births = 'generation' then 'namesake'
    when first_names = 'same' and families then 'names'
    when
        births in ('same_year', 'unknown') and first_names in ('same', 'close', 'initial', 'shorter_name')
        and household
        then 'home'
    when births = 'unknown' and first_names = 'unknown' then 'nothing_to_compare'
    else 'disagree'
end;

create or replace temp macro cross_check_holds(outcome) as outcome in ('birth_date', 'birth_date_parts', 'names', 'home');

create or replace temp macro cross_check_contradicts(outcome) as
outcome in ('disagree', 'namesake', 'first_names_differ', 'two_names', 'only_alike');

-- Not held, and yet the number may be the record's own: a slip may turn one name or gender into another.
create or replace temp macro cross_check_doubts(outcome) as outcome in ('two_names', 'only_alike');

create or replace temp macro cross_check_words(outcome) as
case outcome
    when 'birth_date' then 'birth date equal'
    when 'birth_date_parts' then 'birth date equal in two parts or with day and month swapped'
    when 'names' then 'both names equal'
    when 'home' then 'first name and home agree and no full birth date speaks against it'
    when 'first_names_differ' then 'same family name or household and clearly different first names'
    when 'two_names' then 'same family name or household and two first names that are alike but not one name'
    when 'only_alike' then 'same family name or household and no more than a likeness of first names speaks for it'
    when 'namesake' then 'names equal, but the birth dates lie a generation apart'
    when 'nothing_to_compare' then 'neither birth date nor names to compare'
    when 'disagree' then 'birth date and names disagree'
end;

-- How many others of these records have the names and birth date of one by chance: from how common each is among the
-- others. A name or date that is not known is everybody's, and so is an initial.
create or replace temp macro namesakes(given, family_others, given_others, birth_others) as
getvariable('population') * coalesce(family_others, 1) * coalesce(birth_others, 1)
* if(length(given) > 1, coalesce(given_others, 1), 1);
