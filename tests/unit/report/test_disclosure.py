"""Disclosure control: an attacker with a computer works out no small number from what is released."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.report.disclosure import DisclosureError, Relation, protect, round_count
from orchestration.report.disclosure_profiles import load_profiles, read_profile
from orchestration.report.disclosure_system import Part
from orchestration.report.tidy import CONFIDENTIAL, TOTAL, Dimension, Row, TidyTable
from tests.unit.report.attacker import Attack

PROFILES = load_profiles()
UNDER_5, AND_ZERO = PROFILES["suppress_under_5"], PROFILES["suppress_under_5_and_zero"]
ROUNDED, SAC = PROFILES["round_to_5"], PROFILES["sac"]
Counts = dict[tuple[str, ...], int]


def count(*keys: str, value: int, unit: str = "people") -> Row:
    return Row(keys, unit, Decimal(value))


def share(*keys: str, part: int, whole: int, unit: str = "percent") -> Row:
    factor = {"percent": 100, "share": 1}[unit]
    value = (Decimal(part) * factor / whole).quantize(Decimal("0.0001")) if whole else None
    return Row(keys, unit, value, Decimal(part), Decimal(whole))


def table(rows: Iterable[Row], dimensions: str = "ab", table_id: str = "t") -> TidyTable:
    return TidyTable(table_id, "A table", tuple(Dimension(d, d.upper()) for d in dimensions), tuple(rows))


def with_totals(counts: Counts, dimensions: str, table_id: str = "t", unit: str = "people") -> TidyTable:
    """Return a table of counts with every margin."""
    rows = []
    values = [sorted({key[d] for key in counts}) for d in range(len(dimensions))]
    for keys in product(*((*v, TOTAL) for v in values)):
        fits = [
            n for key, n in counts.items() if all(w in (TOTAL, k) for w, k in zip(keys, key, strict=True))
        ]
        rows.append(count(*keys, value=sum(fits), unit=unit))
    return table(rows, dimensions, table_id)


def seen(released: TidyTable) -> dict[tuple[str, ...], str]:
    return {row.keys: row.mark or str(row.value) for row in released.rows}


def one_row(*values: int) -> TidyTable:
    return with_totals({(f"a{n}",): value for n, value in enumerate(values)}, "a")


def test_a_small_count_takes_another_with_it_so_that_the_total_does_not_tell() -> None:
    (out,) = protect([one_row(3, 20, 400)], UNDER_5)
    assert seen(out) == {("a0",): "[c]", ("a1",): "[c]", ("a2",): "400", (TOTAL,): "423"}
    assert out.released_by == "suppress_under_5"


def test_a_count_held_back_leaves_no_number_at_all() -> None:
    (out,) = protect([one_row(3, 20, 400)], UNDER_5)
    hidden = [row for row in out.rows if row.mark == CONFIDENTIAL]
    assert [(r.value, r.numerator, r.denominator) for r in hidden] == [(None, None, None)] * 2


@pytest.mark.parametrize(("profile", "zero"), [(UNDER_5, "0"), (AND_ZERO, "[c]")])
def test_a_zero_is_shown_or_not_as_the_profile_says(profile: object, zero: str) -> None:
    (out,) = protect([one_row(0, 50, 60)], profile)  # type: ignore[arg-type]
    assert seen(out)["a0",] == zero


def test_where_everybody_else_is_none_the_total_is_held_back_too() -> None:
    (out,) = protect([one_row(3, 0, 0)], UNDER_5)
    assert seen(out) == {("a0",): "[c]", ("a1",): "0", ("a2",): "0", (TOTAL,): "[c]"}


def test_a_table_without_small_counts_stays_as_it_is() -> None:
    whole = one_row(5, 20, 400)
    assert protect([whole], UNDER_5)[0].rows == whole.rows


def test_nothing_is_hidden_under_the_profile_that_hides_nothing() -> None:
    whole = one_row(1, 20, 0)
    (out,) = protect([whole], PROFILES["none"])
    assert (out.rows, out.released_by) == (whole.rows, "none")


def test_a_margin_that_two_tables_share_is_held_back_in_both_or_in_neither() -> None:
    by_age = with_totals({("65",): 3, ("75",): 40, ("85",): 60}, "a", "by_age")
    both = {
        ("65", "f"): 3,
        ("65", "m"): 0,
        ("75", "f"): 22,
        ("75", "m"): 18,
        ("85", "f"): 35,
        ("85", "m"): 25,
    }
    by_age_and_sex = with_totals(both, "ab", "by_age_and_sex")
    one, other = (seen(t) for t in protect([by_age, by_age_and_sex], UNDER_5))
    for age in ("65", "75", "85", TOTAL):
        assert (one[age,] == "[c]") == (other[age, TOTAL] == "[c]")
    assert one["65",] == "[c]"


def test_a_share_beside_a_count_does_not_give_it_away() -> None:
    rows = [
        r
        for n, v in enumerate((3, 47, 50))
        for r in (count(f"a{n}", value=v), share(f"a{n}", part=v, whole=100))
    ]
    whole = table([*rows, count(TOTAL, value=100), share(TOTAL, part=100, whole=100)], "a")
    (out,) = protect([whole], UNDER_5)
    marks = {(r.keys, r.unit): r.mark for r in out.rows}
    for key in ("a0", "a1", "a2", TOTAL):
        assert marks[(key,), "people"] == marks[(key,), "percent"]
    Attack([out], UNDER_5, shares_of_all=True).must_leave(UNDER_5.protection, [whole], UNDER_5)


def test_the_few_who_are_not_in_a_share_are_protected_too() -> None:
    rows = [share("a0", part=98, whole=100), share("a1", part=40, whole=100), share("a2", part=50, whole=100)]
    (out,) = protect([table([*rows, share(TOTAL, part=188, whole=300)], "a")], UNDER_5)
    assert seen(out)["a0",] == "[c]"


def test_a_mean_of_few_people_is_held_back_and_money_that_counts_nobody_is_not() -> None:
    mean = Row(("a0",), "days", Decimal("12.5"), Decimal(25), Decimal(2))
    money = Row(("a0",), "pounds", Decimal(3))
    (out,) = protect([table([mean, money], "a")], UNDER_5)
    assert [row.mark for row in out.rows] == ["[c]", ""]
    assert out.rows[1] == money


def test_a_sum_that_only_the_caller_knows_is_kept_from_telling() -> None:
    waiting = table([count("waiting", value=4), count("served", value=60)], "a", "state")
    people = table([count("all", value=64)], "b", "size")
    assert seen(protect([waiting, people], UNDER_5)[1]) == {("all",): "64"}
    together = Relation(
        Part("size", ("all",), "people"),
        (Part("state", ("waiting",), "people"), Part("state", ("served",), "people")),
    )
    state, size = protect([waiting, people], UNDER_5, [together])
    assert seen(state)["waiting",] == "[c]"
    assert "[c]" in (seen(state)["served",], seen(size)["all",])


def test_a_relation_about_counts_that_are_not_there_is_refused() -> None:
    missing = Relation(Part("t", ("nobody",), "people"), ())
    with pytest.raises(DisclosureError, match="no table has"):
        protect([one_row(1, 2)], UNDER_5, [missing])


def test_a_table_is_released_once_and_holds_no_row_twice() -> None:
    (out,) = protect([one_row(3, 20, 400)], UNDER_5)
    with pytest.raises(DisclosureError, match="released before"):
        protect([out], UNDER_5)
    with pytest.raises(DisclosureError, match="twice"):
        protect([table([count("a", value=9), count("a", value=9)], "a")], UNDER_5)


@pytest.mark.parametrize(
    ("profile", "true", "shown"),
    [
        *((ROUNDED, true, shown) for true, shown in ((2, 0), (3, 5), (12, 10), (13, 15))),
        *((SAC, true, shown) for true, shown in ((4, 0), (5, 5), (7, 5), (8, 10))),
    ],
)
def test_counts_are_rounded_as_the_profile_says(profile: object, true: int, shown: int) -> None:
    assert round_count(Decimal(true), profile) == shown  # type: ignore[arg-type]


def test_shares_come_from_rounded_counts_with_the_decimals_of_the_profile() -> None:
    rows = [share("a0", part=33, whole=98), share("a1", part=33, whole=98, unit="share")]
    rounded, sac = (protect([table(rows, "a")], p)[0].rows for p in (ROUNDED, SAC))
    assert [(r.value, r.numerator, r.denominator) for r in rounded] == [
        (Decimal("35.0"), 35, 100),
        (Decimal("0.350"), 35, 100),
    ]
    assert [r.value for r in sac] == [Decimal(35), Decimal("0.35")]


def test_where_rounding_alone_would_tell_something_is_held_back() -> None:
    # Four counts of 2 are shown as 0 and their sum of 8 as 10: at most 2 each, at least 8 together.
    whole = one_row(2, 2, 2, 2)
    naive = table(
        [
            r if r.value is None else count(*r.keys, value=int(round_count(r.value, ROUNDED)))
            for r in whole.rows
        ],
        "a",
    )
    assert Attack([naive], ROUNDED).room(("a0",)) == pytest.approx(0, abs=1e-6)
    (out,) = protect([whole], ROUNDED)
    Attack([out], ROUNDED).must_leave(1, [whole], ROUNDED)


def test_the_same_tables_give_the_same_release_every_time() -> None:
    counts = {(f"a{i}", f"b{j}"): (7 * i * j + 3 * i + j) % 23 for i in range(6) for j in range(5)}
    assert protect([with_totals(counts, "ab")], UNDER_5) == protect([with_totals(counts, "ab")], UNDER_5)


def naive(tables: Sequence[TidyTable]) -> list[TidyTable]:
    """Hide small counts and nothing else."""
    return [
        t.with_rows(Row(r.keys, r.unit, None, mark="[c]") if 0 < (r.value or 0) < 5 else r for r in t.rows)
        for t in tables
    ]


def test_the_attacker_is_able_to_break_what_hides_small_counts_alone() -> None:
    attack = Attack(naive([one_row(3, 20, 400)]))
    assert attack.room(("a0",)) == pytest.approx(0, abs=1e-6)


def counts_of(sizes: tuple[int, ...]) -> st.SearchStrategy[Counts]:
    keys = list(product(*([f"{'abc'[d]}{n}" for n in range(size)] for d, size in enumerate(sizes))))
    numbers = st.one_of(st.integers(0, 6), st.integers(0, 60))
    return st.lists(numbers, min_size=len(keys), max_size=len(keys)).map(
        lambda values: dict(zip(keys, values, strict=True))
    )


ANY_COUNTS = st.sampled_from([(5,), (3, 4), (4, 2), (2, 3, 3), (2, 2, 2)]).flatmap(counts_of)


@settings(max_examples=40, deadline=None)
@given(ANY_COUNTS, st.sampled_from([UNDER_5, AND_ZERO]))
def test_no_small_count_can_be_worked_out_of_any_table(counts: Counts, profile: object) -> None:
    whole = with_totals(counts, "abc"[: len(next(iter(counts)))])
    (out,) = protect([whole], profile)  # type: ignore[arg-type]
    Attack([out], profile).must_leave(5, [whole], profile)  # type: ignore[arg-type]


@settings(max_examples=25, deadline=None)
@given(ANY_COUNTS, st.sampled_from([ROUNDED, SAC]))
def test_no_small_count_can_be_worked_out_of_any_rounded_table(counts: Counts, profile: object) -> None:
    whole = with_totals(counts, "abc"[: len(next(iter(counts)))])
    (out,) = protect([whole], profile)  # type: ignore[arg-type]
    Attack([out], profile).must_leave(1, [whole], profile)  # type: ignore[arg-type]


@settings(max_examples=25, deadline=None)
@given(counts_of((3, 2, 3)))
def test_no_small_count_can_be_worked_out_of_tables_that_share_margins(counts: Counts) -> None:
    flat: dict[str, Counts] = {"ab": {}, "bc": {}, "ac": {}}
    for key, number in counts.items():
        for dimensions, found in flat.items():
            part = tuple(key["abc".index(d)] for d in dimensions)
            found[part] = found.get(part, 0) + number
    tables = [with_totals(found, dimensions, dimensions) for dimensions, found in flat.items()]
    Attack(protect(tables, UNDER_5), UNDER_5).must_leave(5, tables, UNDER_5)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=2, max_size=5))
def test_no_small_count_can_be_worked_out_from_counts_and_shares_together(
    groups: list[tuple[int, int]],
) -> None:
    rows, wholes, parts = [], 0, 0
    for n, (inside, outside) in enumerate(groups):
        rows += [count(f"a{n}", value=inside), share(f"a{n}", part=inside, whole=inside + outside)]
        parts, wholes = parts + inside, wholes + inside + outside
    whole = table([*rows, count(TOTAL, value=parts), share(TOTAL, part=parts, whole=wholes)], "a")
    Attack(protect([whole], UNDER_5), UNDER_5).must_leave(5, [whole], UNDER_5)


@pytest.mark.parametrize(
    ("content", "mistake"),
    [
        ("id = 'other'\ntitle = 't'\ntold = 't'\nevidence = 'OURS'\nsource = 's'", "name of the file"),
        ("id = 'p'", "missing"),
        (
            "id = 'p'\ntitle = 't'\ntold = 't'\nevidence = 'OURS'\nsource = 's'\nthreshold = -5",
            "whole numbers",
        ),
        ("id = 'p'\ntitle = 't'\ntold = 't'\nevidence = 'OURS'\nsource = 's'\nthreshold = 5", "protection"),
        ("id = 'p'\ntitle = 't'\ntold = 't'\nevidence = 'OURS'\nsource = 's'\nround_to = 5", "threshold"),
        ("id = 'p'\nhide = 5", "unexpected"),
    ],
)
def test_a_profile_that_cannot_be_meant_is_refused(tmp_path: Path, content: str, mistake: str) -> None:
    path = tmp_path / "p.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DisclosureError, match=mistake):
        read_profile(path)


def test_every_profile_says_to_readers_what_it_does() -> None:
    assert set(PROFILES) == {"none", "suppress_under_5", "suppress_under_5_and_zero", "round_to_5", "sac"}
    assert all(p.told.endswith(".") and p.evidence in ("READ", "OURS") for p in PROFILES.values())


def test_a_council_sized_table_is_protected_as_well_as_a_small_one() -> None:
    counts = {(f"a{i}", f"b{j}"): (37 * i * j + 11 * i + 5 * j) % 53 for i in range(36) for j in range(30)}
    whole = with_totals(counts, "ab")
    (out,) = protect([whole], UNDER_5)
    attack = Attack([out], UNDER_5)
    small = [row.keys for row in whole.rows if 0 < (row.value or 0) < UNDER_5.threshold]
    assert len(small) > 50
    assert [keys for keys in small[::9] if attack.room(keys) < UNDER_5.protection - 1e-6] == []
