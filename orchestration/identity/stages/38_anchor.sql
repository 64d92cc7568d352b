-- number_anchor: one row per number in use: the details every record that carries it must agree with.
-- Details a trace answer gave come first. Without them the records' vote counts, but only if more records agree with
-- the details than are contradicted by them. Two records that contradict each other therefore have no anchor: nobody
-- can say whose number it is.
create or replace temp table number_anchor as
select
    number,
    'pds' as anchor_kind,
    birth_date,
    family,
    former_family,
    given,
    given_forms,
    middle,
    -- PDS knows people's names.
    length(given) > 1 as is_given_in_use,
    postcode,
    address,
    gender,
    death_date
from traced_detail
union all
select
    number,
    case
        when voices <= 20 and agreeing > contradicted then 'records'
        else 'disputed'
    end,
    birth_date,
    family,
    spokesman.former_family,
    given,
    spokesman.given_forms,
    spokesman.middle,
    spokesman.is_given_in_use,
    spokesman.postcode,
    spokesman.address,
    spokesman.gender,
    null
from number_vote;
