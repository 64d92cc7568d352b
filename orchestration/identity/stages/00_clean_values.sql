-- The form in which values are compared, said once: names as letters, postcodes and numbers without blanks, dates.

-- Digits, signs and spaces of every common keyboard go; what is left are letters, of any alphabet.
create or replace temp macro only_letters(written) as
nullif(regexp_replace(
    strip_accents(upper(written)), '[\x00-@\[-`{-\x{BF}\x{2000}-\x{206F}]', '', 'g'
), '');

-- Words that senders type where they know no name.
create or replace temp macro known_name(written) as
case
    when upper(trim(written)) not in ('UNKNOWN', 'NOT KNOWN', 'N/A', 'NK', 'NOT STATED', 'NO NAME') then written
end;

-- Most values are clean as they are written; to see that costs a tenth of cleaning them.
create or replace temp macro clean_family(written) as
case
    when regexp_full_match(written, '[A-Z]+') then if(written in ('UNKNOWN', 'NK'), null, written)
    else only_letters(known_name(written))
end;

create or replace temp macro name_words(written) as
string_split(trim(regexp_replace(
    translate(strip_accents(upper(known_name(written))), '''’`.', ''),
    '[\x00-@\[-`{-\x{BF}\x{2000}-\x{206F}]+', ' ', 'g'
)), ' ');

create or replace temp macro clean_given(written) as
case
    when regexp_full_match(written, '[A-Z]+') then if(written in ('UNKNOWN', 'NK'), null, written)
    else nullif(name_words(written)[1], '')
end;

create or replace temp macro clean_middle(written) as
case when not regexp_full_match(written, '[A-Z]+') then nullif(name_words(written)[2], '') end;

-- A full postcode, without its space; ZZ99 stands for "no fixed abode" and the like, and is nobody's home.
create or replace temp macro clean_postcode(written) as
case
    when regexp_full_match(written, '[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}')
        then if(starts_with(written, 'ZZ99'), null, replace(written, ' ', ''))
    when starts_with(upper(trim(written)), 'ZZ99') then null
    when
        regexp_full_match(
            regexp_replace(upper(written), '[^A-Z0-9]', '', 'g'), '[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}'
        )
        then regexp_replace(upper(written), '[^A-Z0-9]', '', 'g')
end;

create or replace temp macro clean_address(written) as
case
    when regexp_full_match(written, '[A-Z0-9]+( [A-Z0-9]+)*') then written
    else nullif(trim(regexp_replace(upper(written), '[^A-Z0-9]+', ' ', 'g')), '')
end;

create or replace temp macro clean_number(written) as
case
    when regexp_full_match(written, '[0-9]+') then written
    else nullif(regexp_replace(written, '[\s\x{00A0}\-]', '', 'g'), '')
end;

create or replace temp macro read_date(written) as
coalesce(
    try_cast(written as date), try_strptime(trim(written), ['%Y-%m-%d', '%Y%m%d', '%d/%m/%Y'])::date
);
