-- The blocks of a record: only records that share one are compared. A record may share any of twelve.
create or replace temp macro block_keys(family, former, given, birth, postcode, address) as
list_filter([
    if(birth is null or family is null, null, hash('birth family', birth, family)),
    if(birth is null or former is null, null, hash('birth family', birth, former)),
    if(birth is null or given is null, null, hash('birth given', birth, given)),
    if(birth is null or postcode is null, null, hash('birth place', birth, postcode)),
    if(birth is null or address is null, null, hash('birth home', birth, address)),
    if(family is null or given is null or postcode is null, null, hash('name place', family, given, postcode)),
    if(family is null or given is null or address is null, null, hash('name home', family, given, address)),
    if(
        given is null or address is null or postcode is null, null,
        hash('given home', left(given, 3), address, postcode)
    ),
    if(
        family is null or address is null or postcode is null, null,
        hash('family home', family, address, postcode)
    ),
    if(
        family is null or given is null or birth is null, null,
        hash('name month', family, given, year(birth), month(birth))
    ),
    if(
        family is null or given is null or birth is null, null,
        hash('name day', family, given, month(birth), day(birth))
    ),
    if(
        family is null or given is null or birth is null, null,
        hash(
            'name turned', least(family, given), greatest(family, given), year(birth),
            least(month(birth), day(birth)), greatest(month(birth), day(birth))
        )
    )
], lambda block: block is not null);
