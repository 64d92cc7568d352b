"""No small number of the sample can be worked out from its pages and tables, however one goes about it."""

from __future__ import annotations

import re
import shutil
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from site_attack import SiteAttack
from site_reading import read_pages
from walking import CLIENT, Walk

from orchestration.report.contents import gather
from orchestration.report.disclosure_profiles import DisclosureProfile
from orchestration.report.disclosure_system import Relation
from orchestration.report.facts import read_facts
from orchestration.report.release import Gathering, Released, profile_of, release
from orchestration.report.tidy import NOBODY, TOTAL, Row, TidyTable
from orchestration.returns.definitions import load_definitions
from orchestration.road import write_report
from tests.unit.report.recovering import Recovery

pytestmark = pytest.mark.xdist_group("journey")
SUPPRESSED, SAC = "suppress_under_5", "sac"
Number = tuple[str, tuple[str, ...], str, str]


@pytest.fixture(scope="module")
def sites(sample: Walk, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The site of the sample under each profile; the lake keeps the one of the client's own."""
    found = {}
    for profile in ("none", SUPPRESSED, SAC):
        made = write_report(sample.settings, sample.settings.client(CLIENT), profile)
        found[profile] = tmp_path_factory.mktemp(profile) / "site"
        shutil.copytree(made.index.parent, found[profile])
    write_report(sample.settings, sample.settings.client(CLIENT))
    return found


@pytest.fixture(scope="module")
def attack(sites: dict[str, Path]) -> SiteAttack:
    return SiteAttack(sites[SUPPRESSED], sites["none"])


def test_no_page_shows_a_small_number(attack: SiteAttack) -> None:
    assert len(attack.small()) > 500
    assert attack.small() - attack.hidden == set()
    assert len(attack.known) > 1000


def test_no_small_number_can_be_worked_out_from_the_pages(attack: SiteAttack) -> None:
    assert len(attack.guesses) > 800
    assert attack.recovered(room=5) == []


def test_an_attacker_would_work_out_small_numbers_if_they_alone_were_held_back(attack: SiteAttack) -> None:
    naive = {name: number for name, number in attack.true.items() if name not in attack.small()}
    assert len(attack.recovered(5, naive)) > 50


def test_one_number_too_many_is_enough(attack: SiteAttack) -> None:
    """A planted fault: one more cell of a table is told, and a small one follows by subtraction."""
    table = [n for n in attack.hidden if n[:2] == ("people.html", "Table: Age: carers the council knows")]
    leaks = [n for n in sorted(table) if n not in attack.small()]
    assert leaks
    assert any(attack.recovered(5, {**attack.known, name: attack.true[name]}) for name in leaks[:2])


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
            for drawn in re.findall(r"<svg .*?</svg>", figure, re.S):
                assert drawn.count('class="mark-rect') >= 1
                group = re.search(r'<g class="mark-rect[^>]*>(.*?)</g>', drawn, re.S)
                assert group is not None
                assert group[1].count("<path") == len(shown), f"{profile}: {title}"
                seen += 1
        assert seen >= 8


def test_every_count_of_people_on_a_rounded_page_ends_in_nought_or_five(sites: dict[str, Path]) -> None:
    pages = read_pages(sites[SAC])
    breakdowns = [t for t in pages["people.html"].tables if ": people supported now" in t.label]
    cells = [said for t in breakdowns for _, _, cells in t.lines() for said in cells.values()]
    assert len(cells) > 100
    assert {said for said in cells if said != "[c]" and int(said.replace(",", "")) % 5} == set()


@pytest.mark.parametrize("profile", [SUPPRESSED, SAC])
def test_every_page_says_how_small_numbers_are_shown(sites: dict[str, Path], profile: str) -> None:
    told = profile_of(profile).told
    for page in sites[profile].rglob("*.html"):
        text = page.read_text("utf-8")
        assert profile_of(profile).title in text
        assert told in text


def gathered_of(sample: Walk) -> Gathering:
    client = sample.settings.client(CLIENT)
    facts = read_facts(sample.settings.lake, CLIENT, client.name, load_definitions())
    return gather(facts, sample.settings.lake)[0]


def numbers(table: TidyTable, row: Row) -> Iterator[tuple[Number, Decimal | None]]:
    """The numbers of a row that count, whether or not they are told."""
    if row.numerator is None and row.denominator is None:
        yield (table.table_id, row.keys, row.unit, "value"), row.value
    else:
        yield (table.table_id, row.keys, row.unit, "numerator"), row.numerator
        yield (table.table_id, row.keys, row.unit, "denominator"), row.denominator


def unrounded(shown: int, profile: DisclosureProfile) -> tuple[float, float]:
    """The least and the most whole number that a rounded one may have been, by trying them."""
    fits = [
        n
        for n in range(max(0, shown - 6), shown + 7)
        if (0 if profile.below_threshold_as_zero and n < profile.threshold else (n + 2) // 5 * 5) == shown
    ]
    return float(min(fits)), float(max(fits))


def recovery_of(
    gathered: Gathering, released: Released, profile: DisclosureProfile
) -> tuple[Recovery, dict[Number, float], list[dict[Number, float]]]:
    """All that tables to take away tell, with every sum that is known to hold; and the small numbers."""
    recovery, true, small = Recovery(), {}, []
    for table in gathered.tables:
        out = {(row.keys, row.unit): row for row in released.tables[table.table_id].rows}
        for row in table.rows:
            told = dict(numbers(table, out[row.keys, row.unit]))
            for name, number in numbers(table, row):
                if number is None or not (
                    row.counts_people or row.unit in NOBODY or row.of_people is not None
                ):
                    continue
                true[name] = float(number)
                shown = told.get(name)
                if shown is None:
                    recovery.number(name, min(1.0, true[name]) if profile.zeros_shown else 0.0)
                elif profile.round_to and row.counts_people:
                    recovery.number(name, *unrounded(int(shown), profile))
                else:
                    recovery.number(name, float(shown), float(shown))
                if row.counts_people and row.unit not in NOBODY and profile.is_sensitive(true[name]):
                    small.append({name: 1.0})
        by_rest: dict[tuple[object, ...], dict[str, Number]] = defaultdict(dict)
        for name in [n for n in true if n[0] == table.table_id]:
            for place in range(len(table.dimensions)):
                keys = name[1]
                by_rest[place, keys[:place], keys[place + 1 :], name[2:]][keys[place]] = name
        for own in by_rest.values():
            if TOTAL in own and len(own) > 1:
                tie(recovery, true, own[TOTAL], [n for key, n in own.items() if key != TOTAL])
        for name in [n for n in true if n[0] == table.table_id and n[3] == "numerator"]:
            whole = (*name[:3], "denominator")
            if "share" in name[2] and whole in true:
                recovery.at_most({name: 1.0, whole: -1.0})
                if profile.is_sensitive(true[whole] - true[name]) and name[2] not in NOBODY:
                    small.append({whole: 1.0, name: -1.0})
    for relation in gathered.relations:
        balance(recovery, true, relation)
    return recovery, true, small


def tie(recovery: Recovery, true: dict[Number, float], total: Number, parts: list[Number]) -> None:
    if abs(sum(true[p] for p in parts) - true[total]) < 1e-6:
        recovery.equal({**dict.fromkeys(parts, 1.0), total: -1.0})


def balance(recovery: Recovery, true: dict[Number, float], relation: Relation) -> None:
    sides: dict[Number, float] = defaultdict(float)
    for part, sign in ((relation.total, -1.0), *((p, -1.0) for p in relation.beside)):
        sides[part.table_id, part.keys, part.unit, part.name] += sign
    for part in relation.parts:
        sides[part.table_id, part.keys, part.unit, part.name] += 1.0
    over = sum(v * true[n] for n, v in sides.items())
    if abs(over) < 1e-6:
        recovery.equal(sides)
    elif over < 0 and not relation.beside:
        recovery.at_most(sides)


def test_no_small_number_can_be_worked_out_from_the_tables_by_any_sum_known_to_hold(sample: Walk) -> None:
    gathered, profile = gathered_of(sample), profile_of(SUPPRESSED)
    recovery, true, small = recovery_of(gathered, release(gathered, profile), profile)
    assert len(small) > 500
    assert len(recovery.sums) > 1500
    assert recovery.recovered(small, true, room=5) == []
