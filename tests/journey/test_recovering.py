"""No small number of the sample can be worked out from its pages and tables, however one goes about it."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from site_attack import SiteAttack
from site_reading import read_pages
from table_attack import recovery_of
from walking import Walk

from orchestration.report.disclosure import round_count
from orchestration.report.release import Gathering, Released, profile_of
from orchestration.report.tidy import TOTAL, Row

SUPPRESSED, SAC, ROUNDED = "suppress_under_5", "sac", "round_to_5"
# How far apart the least and the most must be that a small number can be, as each profile promises.
ROOM = {SUPPRESSED: 5, SAC: 1, ROUNDED: 1}


@pytest.fixture(scope="module")
def attacks(sites: dict[str, Path]) -> dict[str, SiteAttack]:
    return {profile: SiteAttack(sites[profile], sites["none"], profile_of(profile)) for profile in ROOM}


@pytest.fixture(scope="module")
def attack(attacks: dict[str, SiteAttack]) -> SiteAttack:
    return attacks[SUPPRESSED]


def rounded_alone(gathered: Gathering, profile_id: str) -> Released:
    """Every count of people rounded, and nothing held back."""
    profile = profile_of(profile_id)

    def rounded(row: Row) -> Row:
        if not row.counts_people:
            return row
        made_of = (row.value, row.numerator, row.denominator)
        value, part, whole = (None if n is None else round_count(n, profile) for n in made_of)
        return Row(row.keys, row.unit, value, part, whole)

    tables = (t.with_rows(rounded(row) for row in t.rows) for t in gathered.tables)
    return Released(profile, {table.table_id: table for table in tables})


def test_no_page_shows_a_small_number(attack: SiteAttack) -> None:
    assert len(attack.small()) > 500
    assert attack.small() - attack.hidden == set()
    assert len(attack.known) > 1000


@pytest.mark.parametrize("profile", [SAC, ROUNDED])
def test_every_count_of_people_on_a_rounded_page_is_rounded(
    attacks: dict[str, SiteAttack], profile: str
) -> None:
    attack, rule = attacks[profile], profile_of(profile)
    shown = attack.people & attack.known.keys()
    assert len(shown) > 2500
    wrong = {n for n in shown if attack.known[n] != round_count(Decimal(attack.true[n]), rule)}
    assert wrong == set()


@pytest.mark.parametrize("profile", ROOM)
def test_no_small_number_can_be_worked_out_from_the_pages(
    attacks: dict[str, SiteAttack], profile: str
) -> None:
    assert len(attacks[profile].guesses) > 800
    assert attacks[profile].recovered(ROOM[profile]) == []


def test_an_attacker_would_work_out_small_numbers_if_they_alone_were_held_back(attack: SiteAttack) -> None:
    naive = {name: number for name, number in attack.true.items() if name not in attack.small()}
    assert len(attack.recovered(5, naive)) > 50


@pytest.mark.parametrize("profile", [SAC, ROUNDED])
def test_an_attacker_would_work_out_small_numbers_if_rounding_were_all(
    gathered: Gathering, profile: str
) -> None:
    """A planted fault: what rounding alone would tell is shown rounded in place of held back."""
    recovery, true, small = recovery_of(gathered, rounded_alone(gathered, profile), profile_of(profile))
    assert len(recovery.recovered(small, true, ROOM[profile])) > 0


@pytest.mark.parametrize("profile", [SAC, ROUNDED])
def test_a_count_that_escapes_the_rounding_is_found(attacks: dict[str, SiteAttack], profile: str) -> None:
    """A planted fault: one home tells how many people it really has, and how many of each age but one."""
    attack = attacks[profile]
    table = [n for n in attack.people if n[:2] == ("people.html", "Table: Age: carers the council knows")]
    small = min(n for n in table if n in attack.small() and n[3] == TOTAL)
    others = {n for n in table if n[3] == TOTAL and n != small}
    exact = {n: (attack.true[n], attack.true[n]) for n in others}
    assert small in attack.recovered(ROOM[profile], exactly=exact)


def test_one_number_too_many_is_enough(attack: SiteAttack) -> None:
    """A planted fault: one more cell of a table is told, and a small one follows by subtraction."""
    table = [n for n in attack.hidden if n[:2] == ("people.html", "Table: Age: carers the council knows")]
    leaks = [n for n in sorted(table) if n not in attack.small()]
    assert leaks
    assert any(attack.recovered(5, {**attack.known, name: attack.true[name]}) for name in leaks)


def test_the_same_people_are_counted_on_the_page_of_people_and_in_the_returns(
    sample: Walk, sites: dict[str, Path]
) -> None:
    ((counted,),) = sample.query(
        "select count(distinct person_key) from aggregates.agg__person_supported_now where is_counted"
    )
    shown = {p: read_pages(sites[p])["people.html"].tiles["By the providers’ records"] for p in sites}
    assert shown["none"] == str(counted)
    assert shown[SUPPRESSED] in (str(counted), "[c]")
    assert int(shown[SAC]) % 5 == 0


def test_a_chart_draws_a_bar_for_every_number_its_table_shows_and_for_no_other(
    sites: dict[str, Path],
) -> None:
    for profile in ("none", SUPPRESSED):
        text = (sites[profile] / "people.html").read_text("utf-8")
        tables = {t.label: t for t in read_pages(sites[profile])["people.html"].tables}
        seen = 0
        for title, figure in re.findall(r"<figcaption>(.*?)</figcaption>(.*?)</figure>", text, re.S):
            table = tables.get(f"Table: {title}")
            if table is None:
                continue
            cells = [
                said
                for head, _, cells in table.lines()
                for column, said in cells.items()
                if TOTAL not in (head, column)
            ]
            shown = [said for said in cells if said not in ("0", "[c]", "[x]")]
            # What is left of a total that is told, where a part of it is not: one bar more.
            shown += [
                head
                for head, _, named in table.lines()
                if head != TOTAL and "[c]" in named.values() and named[TOTAL] != "[c]"
            ]
            for drawn in re.findall(r"<svg .*?</svg>", figure, re.S):
                assert drawn.count('class="mark-rect') >= 1
                group = re.search(r'<g class="mark-rect[^>]*>(.*?)</g>', drawn, re.S)
                assert group is not None
                assert group[1].count("<path") == len(shown), f"{profile}: {title}"
                seen += 1
        assert seen >= 8


@pytest.mark.parametrize("profile", ROOM)
def test_every_page_says_how_small_numbers_are_shown(sites: dict[str, Path], profile: str) -> None:
    told = profile_of(profile).told
    for page in sites[profile].rglob("*.html"):
        text = page.read_text("utf-8")
        assert profile_of(profile).title in text
        assert told in text


@pytest.mark.parametrize("profile_id", ROOM)
def test_no_small_number_can_be_worked_out_from_the_tables_by_any_sum_known_to_hold(
    gathered: Gathering, released: dict[str, Released], profile_id: str
) -> None:
    recovery, true, small = recovery_of(gathered, released[profile_id], profile_of(profile_id))
    assert len(small) > 500
    assert len(recovery.sums) > 1500
    assert recovery.recovered(small, true, room=ROOM[profile_id]) == []
