"""What each sender knows of each person: one record per person and sender, as life spoils it, and its trace.

Every trouble is chosen so that the evidence in the data settles who is meant: a record that says too little
to be joined belongs to somebody with one record only, or agrees exactly with another of the same person.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from orchestration.synthetic.chance import share, stream
from orchestration.synthetic.nhs_numbers import mistype
from orchestration.synthetic.person import Address, Person


@dataclass(slots=True)
class PersonRecord:
    """One person as one sender knows them."""

    sender_id: str
    local_id: str
    source_class: str
    person: Person
    home: Address
    given: str
    family: str
    born: date | None
    sex: str
    postcode: str
    number: str
    status: str = "01"
    says_died: bool = False
    troubles: list[str] = field(default_factory=list)
    # The answer the tracing service gives, or empty where the record was not sent to it.
    answer: str = "00"

    @property
    def key(self) -> str:
        """The key by which the project knows the record, and the trace answers it."""
        return f"{self.sender_id}:{self.local_id}"

    @property
    def number_known(self) -> bool:
        """True where this record ends up with a number that holds."""
        if self.answer in ("00", "90", "92"):
            return True
        return not self.answer and self.number.replace(" ", "") == self.person.nhs_number

    @property
    def plain(self) -> bool:
        """True while nothing is wrong with the record yet."""
        return not self.troubles


def new_record(
    sender_id: str, local_id: str, source_class: str, person: Person, home: Address
) -> PersonRecord:
    """Return a record with everything right."""
    return PersonRecord(
        sender_id=sender_id,
        local_id=local_id,
        source_class=source_class,
        person=person,
        home=home,
        given=person.given,
        family=person.family,
        born=person.born,
        sex=person.sex,
        postcode=home.postcode,
        number=person.nhs_number,
    )


def _missing(r: PersonRecord, rng: random.Random) -> None:
    r.number, r.status = "", rng.choice(("03", "07", "04"))


def _mistyped(r: PersonRecord, rng: random.Random) -> None:
    r.number, r.status = mistype(r.person.nhs_number, rng), "02"


def _short(r: PersonRecord, rng: random.Random) -> None:
    r.number, r.status = r.person.nhs_number[:9], "02"


def _placeholder(r: PersonRecord, rng: random.Random) -> None:
    r.number, r.status = "9999999999", "03"


def _spaced(r: PersonRecord, rng: random.Random) -> None:
    n = r.person.nhs_number
    r.number = f"{n[:3]} {n[3:6]} {n[6:]}"


def _partners(r: PersonRecord, rng: random.Random) -> None:
    r.number, r.status = r.person.partner.nhs_number if r.person.partner else "", "02"


def _nickname(r: PersonRecord, rng: random.Random) -> None:
    r.given = r.person.short


def _former_name(r: PersonRecord, rng: random.Random) -> None:
    r.family = r.person.former_family


def _misspelt(r: PersonRecord, rng: random.Random) -> None:
    at = rng.randrange(1, len(r.family) - 1)
    r.family = r.family[:at] + r.family[at + 1] + r.family[at] + r.family[at + 2 :]


def _day_month(r: PersonRecord, rng: random.Random) -> None:
    r.born = date(r.person.born.year, r.person.born.day, r.person.born.month)


def _one_part(r: PersonRecord, rng: random.Random) -> None:
    born = r.person.born
    r.born = born.replace(day=born.day + 1 if born.day < 28 else born.day - 1)


def _new_year(r: PersonRecord, rng: random.Random) -> None:
    r.born = date(r.person.born.year, 1, 1)


def _old_address(r: PersonRecord, rng: random.Random) -> None:
    if r.person.former_home:
        r.home, r.postcode = r.person.former_home, r.person.former_home.postcode


def _no_postcode(r: PersonRecord, rng: random.Random) -> None:
    r.postcode = ""


def _sex_unknown(r: PersonRecord, rng: random.Random) -> None:
    r.sex = "X"


def _status_wrong(r: PersonRecord, rng: random.Random) -> None:
    r.status = rng.choice(("", "03", "06"))


Change = Callable[[PersonRecord, random.Random], None]
Eligible = Callable[[PersonRecord], bool]


def _provider(r: PersonRecord) -> bool:
    return r.source_class == "subject_of_care"


def _swappable(r: PersonRecord) -> bool:
    return r.person.born.day <= 12 and r.person.born.day != r.person.born.month


# name, share of the eligible, at least so many, which records, what happens. One trouble for a record.
TROUBLES: tuple[tuple[str, float, int, Eligible, Change], ...] = (
    ("partners_number", 0.01, 1, lambda r: r.person.partner is not None and _provider(r), _partners),
    ("missing_number", 0.07, 2, lambda r: True, _missing),
    ("mistyped_number", 0.02, 2, lambda r: True, _mistyped),
    ("short_number", 0.004, 1, lambda r: True, _short),
    ("placeholder_number", 0.002, 1, lambda r: True, _placeholder),
    ("spaced_number", 0.03, 1, lambda r: True, _spaced),
    ("nickname", 0.10, 1, lambda r: bool(r.person.short), _nickname),
    ("former_family_name", 0.20, 1, lambda r: bool(r.person.former_family), _former_name),
    ("misspelt_family_name", 0.01, 1, lambda r: len(r.family) > 4, _misspelt),
    ("day_and_month_swapped", 0.02, 1, _swappable, _day_month),
    ("birth_date_one_part", 0.007, 1, lambda r: True, _one_part),
    ("birth_date_first_of_january", 0.005, 1, _provider, _new_year),
    ("old_address", 0.5, 1, lambda r: r.person.former_home is not None, _old_address),
    ("postcode_missing", 0.015, 1, _provider, _no_postcode),
    ("sex_unknown", 0.01, 1, _provider, _sex_unknown),
    ("status_wrong", 0.04, 1, _provider, _status_wrong),
)
LOST_ANSWERS = (("98", 0.015, 2), ("97", 0.004, 1), ("96", 0.004, 1), ("15", 0.004, 1))


def add_troubles(seed: int, council: int, records: list[PersonRecord], spare_numbers: list[str]) -> None:
    """Spoil records as life does, and settle what tracing answers for each; old numbers are spare ones."""
    rng = stream(seed, "records", council)
    of_person: dict[str, list[PersonRecord]] = defaultdict(list)
    at_sender: dict[tuple[str, str], int] = defaultdict(int)
    for r in records:
        of_person[r.person.key].append(r)
        at_sender[r.person.key, r.sender_id] += 1
        if r.person.sensitive:
            r.answer = "92"
    carers = [r for r in records if r.source_class == "unpaid_carer"]
    for r in carers:
        r.answer = "00" if r.number and r.born else ""
        r.troubles.append("carer_known_by_name_only" if not r.number else "carer_with_number")

    main = [r for r in records if r.source_class != "unpaid_carer" and not r.person.sensitive]
    alone = [
        r
        for r in main
        if len(of_person[r.person.key]) == 1 and not r.person.died and r.person.group != "young"
    ]
    alone = [r for r in alone if not r.person.former_number and not r.person.cares_for]
    for answer, part, at_least in LOST_ANSWERS:
        for r in share(rng, [r for r in alone if r.plain], part, at_least):
            (_missing if rng.random() < 0.7 else _mistyped)(r, rng)
            r.answer = answer
            r.troubles.append(f"trace_{answer}")
    for r in share(rng, [r for r in alone if r.plain], 0.004, 1):
        r.person.withdrawn, r.answer = True, "91"
        r.troubles.append("number_withdrawn")

    # A person got a new number; one provider still has the old one.
    several = [
        r for r in main if r.plain and _provider(r) and not r.person.died and len(of_person[r.person.key]) > 1
    ]
    for r in share(rng, _one_each(several), 0.02, 2):
        r.person.former_number = spare_numbers.pop()
        r.number, r.answer = r.person.former_number, "90"
        r.troubles.append("superseded_number")

    # Two records that agree in everything: one has the number, the other was never found by tracing.
    exact = [r for r in main if r.plain and _exact_pair(r, of_person)]
    for r in share(rng, exact, 0.02, 1):
        _missing(r, rng)
        r.answer = "98"
        for other in of_person[r.person.key]:
            other.troubles.append("exact_pair")

    for name, part, at_least, eligible, change in TROUBLES:
        pool = [r for r in main if r.plain and eligible(r) and not r.person.former_number]
        for r in share(rng, pool, part, at_least):
            change(r, rng)
            r.troubles.append(name)
    clean = [r for r in main if r.plain and not r.person.former_number]
    for r in share(rng, clean, 0.05, 1):
        r.answer = ""
        r.status = rng.choice(("01", "02"))
        r.troubles.append("not_traced")
    _settle_deaths(rng, of_person)


def _exact_pair(r: PersonRecord, of_person: dict[str, list[PersonRecord]]) -> bool:
    same = of_person[r.person.key]
    return (
        _provider(r)
        and len(same) == 2
        and not r.person.died
        and {o.source_class for o in same} == {"subject_of_care", "council"}
        and same[0].postcode == same[1].postcode
        and all(o.plain for o in same)
        and not r.person.former_number
        and r.person.twin is None
    )


def _one_each(records: list[PersonRecord]) -> list[PersonRecord]:
    """Return the first record of each person."""
    return list({r.person.key: r for r in reversed(records)}.values())[::-1]


def _settle_deaths(rng: random.Random, of_person: dict[str, list[PersonRecord]]) -> None:
    """Say which records know of a death; tracing knows of every death, so each is known from somewhere."""
    for same in of_person.values():
        if same[0].person.died is None:
            continue
        told = [r for r in same if rng.random() < 0.6]
        if not any(r.answer in ("00", "90", "92") for r in same):
            told = same
        for r in told:
            r.says_died = r.source_class != "unpaid_carer"


def traced_before(as_at: date) -> str:
    """Return the moment of the last batch trace, as senders write it."""
    return f"{(as_at - timedelta(days=25)).isoformat()}T09:00:00Z"
