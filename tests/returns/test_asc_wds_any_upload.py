"""Whatever a provider's files hold: a written file keeps every rule, or each breach is reported by row."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from tests.returns.asc_wds_uploads import DAY, PAGES, Told, Upload, build_uploads, location_of, tell_all
from tests.returns.asc_wds_validator import breaches, wrong_headers
from tests.returns.asc_wds_validator_across import JUDGED_ON_INPUT
from tests.returns.test_asc_wds_rules import RULES
from tests.returns.test_asc_wds_validator import COLUMNS, OURS, SUPPLIED, upload

VALUES = (
    *("", "0", "1", "2", "3", "4", "7", "8", "10", "16", "23", "72", "97", "826", "998", "999", "1000"),
    *("1;", ";", ";;", "1;2;97", "2;0", "0;2", "2;2", "8;0", "1;10", "1;3", "2;13;6", "999;1"),
    *("20;2019", "20;1925", "20;soon"),
    *("01/02/1980", "31/02/2020", "29/02/2024", "12/10/2026", "01/01/1900", "1/2/1980", "01/01/9999"),
    *("00/00/0000", "3;3;3", "-1", "-5.5"),
    *("1979", "2010", "2027", "0000", "1.5", "12.255", "75.5", "1e3", "9" * 30, "9" * 400, "٣", "１"),
    *("=1+1", "+44", "@SUM(A1)", "-x", "＝x", "'", "=" + "x" * 48, "=" + "y" * 119, "-1.2.3"),
    *("x" * 49, "x" * 50, "x" * 51, "x" * 120, "x" * 121, "x" * 241, "x" * 1001, "é" * 49, "🙂" * 50),
    *("new", "Delete", "UNCHECKED", "unknown", "none", "NULL", "a,b", 'a"b', "QQ 12 34 56 C", "ZY1 1AA"),
)  # fmt: skip
COMPONENTS = ("Long term residential care", "Long term nursing care", "Day support", "Something else")
CHANGE = st.sampled_from(PAGES).flatmap(
    lambda page: st.tuples(st.just(page), st.sampled_from(COLUMNS[page]), st.sampled_from(VALUES))
)


@st.composite
def uploads(draw: st.DrawFn) -> Upload:
    pages = upload()
    for page, column, value in draw(st.lists(CHANGE, min_size=1, max_size=5)):
        pages[page][0][column] = value
    if draw(st.integers(0, 9)) == 0:
        twice = draw(st.sampled_from(PAGES))
        pages[twice] = pages[twice] * 2
    return Upload(pages, draw(st.lists(st.sampled_from(COMPONENTS), max_size=2)))


def placed(one: Upload, number: int) -> Upload:
    """Return an upload whose workplace names the location of its own provider."""
    pages = {page: [dict(row) for row in rows] for page, rows in one.pages.items()}
    for row in pages["workplace"]:
        if row["LOCATIONID"] == "1-900000901":
            row["LOCATIONID"] = location_of(number)
    return Upload(pages, one.components)


def true_breaches(sent: Upload, told: Told) -> set[tuple[str, str, int]]:
    """Return what the second reader finds in the files and, of lists the merge mends, in those sent."""
    found = {(b.rule, b.page, b.row) for b in breaches(told.written, DAY, SUPPLIED)}
    if told.written["workplace"]:
        # A row that the records changed is uploaded as one to update: it is judged as such.
        status = told.written["workplace"][0]["STATUS"]
        as_sent = {
            **sent.pages,
            "workplace": [row | {"STATUS": status} for row in sent.pages["workplace"]],
        }
        found |= {
            (b.rule, b.page, b.row)
            for b in breaches(as_sent, DAY, SUPPLIED, as_sent=True)
            if b.rule in JUDGED_ON_INPUT
        }
    return found


@settings(
    max_examples=2, deadline=None, derandomize=True, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(many=st.lists(uploads(), min_size=70, max_size=90))
def test_each_breach_of_a_written_file_is_reported_and_nothing_else_is(many: list[Upload]) -> None:
    # The simplest example is one upload many times over: nothing to learn from.
    assume(any(one != many[0] for one in many))
    with TemporaryDirectory(prefix="uploads-") as folder:
        sent = [placed(one, number) for number, one in enumerate(many)]
        file = build_uploads(sent, Path(folder))
        wrong = []
        for number, (one, told) in enumerate(zip(sent, tell_all(file, len(sent), Path(folder)), strict=True)):
            assert [wrong_headers(page, told.headers[page]) for page in PAGES] == ["", "", ""]
            reported = {r for r in told.reported if r[0] not in OURS}
            true = true_breaches(one, told)
            if reported != true:
                wrong.append((number, {"missed": true - reported, "invented": reported - true}, one))
        assert wrong == []


def test_every_rule_says_which_row_and_what_to_do() -> None:
    assert [name for name, rule in RULES.items() if not (rule["message"] and rule["next_step"])] == []
