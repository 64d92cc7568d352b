"""A printable page: one section per thing, nothing in it can become markup, empty boxes stay empty."""

from __future__ import annotations

import re
import stat
from datetime import date
from pathlib import Path

import pytest

from orchestration.returns.definitions import DefinitionError, load_definition
from orchestration.returns.printable import write_page
from tests.unit.returns.folders import meals_folder

HEADERS = ["Form", "Code", "Field", "Content"]
ROWS = [
    ("Death", "A1", "When", date(2026, 10, 9)),
    ("Death", "A1", "Where", None),
    ("Abuse", "B2", "Words", "<script>alert('x')</script> & =1+1"),
]


def page(folder: Path, rows: list[tuple[object, ...]] = ROWS, sections: int = 2) -> str:
    path = folder / "page.html"
    count = write_page(path, HEADERS, rows, sections=sections, preamble=["Forms & more", "Home <1>"])
    assert count == len(rows)
    return path.read_text(encoding="utf-8")


def test_every_thing_has_a_section_headed_by_its_name_and_a_row_per_field(tmp_path: Path) -> None:
    text = page(tmp_path)
    assert re.findall(r"<h2>(.*?)</h2>", text) == ["Death · A1", "Abuse · B2"]
    assert "<dt>Form</dt><dd>Death</dd><dt>Code</dt><dd>A1</dd>" in text
    assert "<tr><td>When</td><td>2026-10-09</td></tr>\n<tr><td>Where</td><td></td></tr>" in text


def test_what_records_say_cannot_become_markup_and_nothing_is_fetched(tmp_path: Path) -> None:
    text = page(tmp_path)
    assert "<script" not in text and "&lt;script&gt;" in text
    assert "<title>Forms &amp; more</title>" in text and "<p>Home &lt;1&gt;</p>" in text
    assert not re.search(r"https?:|src=|url\(", text)


def test_without_sections_it_is_one_table_and_without_rows_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    assert page(tmp_path, sections=0).count("<table>") == 1
    assert "There is nothing to show." in page(tmp_path / "none", [])


def test_a_restricted_page_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    write_page(path, HEADERS, ROWS, sections=2, preamble=["Forms"], restricted=True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("setting", "mistake"),
    [
        ("sections = 9", "less than the number of columns"),
        ("sections = 1", "only an html page or a json document has sections"),
    ],
)
def test_sections_that_cannot_be_are_refused(tmp_path: Path, setting: str, mistake: str) -> None:
    folder = meals_folder(tmp_path)
    layout = folder / "layout" / "layout.toml"
    text = layout.read_text(encoding="utf-8")
    layout.write_text(text.replace('format = "csv"', f'format = "csv"\n{setting}', 1), encoding="utf-8")
    with pytest.raises(DefinitionError, match=mistake):
        load_definition(folder)
