"""The pages of the sample open from disk, say what the packs say, and know nobody."""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
from frictionless import Package
from pyarrow import parquet
from walking import CLIENT, Walk, files_below, read_rows

from orchestration.extracts.profile import load_profile
from orchestration.road import write_report

HEAVIEST_PAGE = 300 * 1024


class Links(HTMLParser):
    """The addresses a page names and the anchors it has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.addresses += [v for k in ("href", "src", "action") if (v := found.get(k))]
        self.anchors |= {v for k in ("id", "name") if (v := found.get(k))}


def site(sample: Walk) -> Path:
    return sample.settings.lake / "site" / CLIENT


def pages(sample: Walk) -> dict[Path, str]:
    return {p: p.read_text(encoding="utf-8") for p in sorted(site(sample).rglob("*.html"))}


def text_of(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_the_run_writes_the_site_as_its_last_step(sample: Walk) -> None:
    assert sample.narrator.site is not None
    assert sample.narrator.site.index == site(sample) / "index.html"
    assert sample.narrator.site.pages == len(pages(sample)) > 8
    assert (sample.narrator.site.ready, sample.narrator.site.blocked) == (len(sample.packs), 0)


def test_every_link_leads_to_a_page_and_anchor_of_the_site(sample: Walk) -> None:
    found = {p: Links(text) for p, text in pages(sample).items()}
    broken = []
    for page, links in found.items():
        for address in links.addresses:
            target, _, anchor = address.partition("#")
            file = (page.parent / target).resolve() if target else page
            no_file = address != "data:," and not file.is_file()
            if no_file or (anchor and file in found and anchor not in found[file].anchors):
                broken.append(f"{page.name}: {address}")
    assert broken == []


def test_no_page_names_another_host(sample: Walk) -> None:
    named = [
        f"{page.name}: {address}"
        for page, text in pages(sample).items()
        for address in Links(text).addresses
        if re.match(r"(?i)([a-z][a-z0-9+.-]*:|//)", address) and address != "data:,"
    ]
    assert named == []
    style = (site(sample) / "static" / "report.css").read_text(encoding="utf-8")
    assert "url(" not in style
    assert "@import" not in style


def test_no_page_is_heavier_than_a_locked_down_laptop_likes(sample: Walk) -> None:
    shared = sum(p.stat().st_size for p in (site(sample) / "static").iterdir())
    heavy = {p.name: n for p in pages(sample) if (n := p.stat().st_size + shared) > HEAVIEST_PAGE}
    assert heavy == {}


def test_writing_it_again_gives_the_same_bytes(sample: Walk) -> None:
    before = files_below(site(sample))
    (sample.settings.lake / "warehouse" / f"{CLIENT}.site.json").unlink()
    write_report(sample.settings, sample.settings.client(CLIENT))
    assert files_below(site(sample)) == before


def test_the_page_of_a_return_shows_the_figures_of_its_pack(sample: Walk) -> None:
    page = text_of((site(sample) / "returns" / "capacity-tracker" / "1-900000003.html").read_text("utf-8"))
    manifest = json.loads(
        (sample.packs["capacity_tracker", "1-900000003"].folder / "manifest.json").read_text("utf-8")
    )
    assert manifest["version"] in page
    assert re.search(r"Occupied or used beds .* 32 people", page)
    assert "people supported now" in page
    assert "Payroll or rota hours of the month" in page


def test_a_sender_s_records_stand_for_the_day_in_england(sample: Walk) -> None:
    """The extracts are as at 23:00 of the day before in UTC: midnight of British summer time."""
    about = text_of((site(sample) / "about.html").read_text("utf-8"))
    assert "Oakfield Care Ltd Provider CareNotes 4.2 12 October 2026" in about


def test_the_list_of_returns_says_where_the_sheets_of_many_locations_lie_and_links_to_none(
    sample: Walk,
) -> None:
    place = f"sheets/{CLIENT}/capacity_tracker/2026-10"
    assert len(list((sample.settings.lake / place).glob("*.xlsx"))) > 1
    for page in (
        site(sample) / "returns" / "index.html",
        site(sample) / "returns/capacity-tracker/1-900000003.html",
    ):
        text = page.read_text("utf-8")
        assert place in text_of(text)
        assert not [address for address in Links(text).addresses if "sheets/" in address]
    assert "sheets/" not in text_of((site(sample) / "returns/cld/999.html").read_text("utf-8"))


def test_joined_less_left_leads_from_one_month_end_to_the_next(sample: Walk) -> None:
    months = sample.query(
        "select view_id, supported, joined, left_support, "
        "lag(supported) over (partition by view_id order by month_label) from returns.agg__demand_month"
    )
    assert len(months) == 24
    assert [m for m in months if m[4] is not None and m[4] + m[2] - m[3] != m[1]] == []


def test_cells_of_a_breakdown_add_up_to_their_totals(sample: Walk) -> None:
    wrong = sample.query(
        "select view_id, dimension from returns.agg__demand_breakdown group by all having "
        "sum(people) filter (dimension_value <> 'Total' and setting <> 'Total') "
        "<> sum(people) filter (dimension_value = 'Total' and setting = 'Total')"
    )
    assert wrong == []


def test_a_code_for_not_known_fills_a_field_and_answers_nothing(sample: Walk) -> None:
    ((filled, not_known),) = sample.query(
        "select sum(filled), sum(not_known) from returns.agg__field_count"
        " where record_class = 'subject_of_care' and field = 'ethnicity'"
    )
    ((true_codes,),) = sample.query(
        "select count(*) from staging.stg_mods__subject_of_care where ethnicity in ('Z', '99')"
    )
    assert 0 < not_known == true_codes < filled


def identifiers(sample: Walk) -> set[str]:
    """Every key of a person or record, and every value of an identifying column, of the input."""
    found: set[str] = set()
    sent = {c for (c,) in sample.query('select distinct "class" from raw.extract_receipt')}
    for record_class in load_profile().classes.values():
        columns = {c.name for c in record_class.columns if c.identifying or c.type == "reference"}
        columns |= {"record_uid", "subject_of_care", "la_person_unique_identifier"}
        columns &= {c.name for c in record_class.columns}
        if record_class.name in sent:
            held = ", ".join(f'"{c}"::varchar' for c in ("_record_key", *sorted(columns)))
            rows = sample.query(f'select distinct unnest([{held}]) from raw."{record_class.name}"')
            found |= {v for (v,) in rows if v}
    found |= {v for row in sample.query("select person_key from raw.person") for v in row}
    for row in sample.query("select person_record_key, local_person_id from raw.person_link"):
        found |= {v for v in row if v}
    return found


def held_in(content: str, values: set[str]) -> set[str]:
    """Those of some values that stand in a text as a word of their own."""
    plain = html.unescape(content)
    runs = set(re.findall(r"[^\s<>\"'(),;=]+", plain)) | set(re.findall(r"[A-Za-z0-9_-]+", plain))
    spaced = {v for v in values if " " in v and v in plain}
    return (values & runs) | spaced


def test_no_identifier_or_key_of_the_input_is_in_any_file_of_the_site(sample: Walk) -> None:
    wanted = {v for v in identifiers(sample) if len(v) > 3}
    assert len(wanted) > 5000
    # Organisations are named on the pages; people who live in a home have its name in their address.
    client = sample.settings.client(CLIENT)
    organisations = {
        client.name,
        *client.senders,
        "White",
        "Wilson",
    }  # a group and an interval; also family names
    organisations |= {text for s in client.submitters for text in (s.submitter_id, s.name)}
    readable = {
        f"{path}{inner}": text
        for path, content in files_below(site(sample)).items()
        for inner, text in texts_in(path, content).items()
    }
    assert sum(name.endswith(".parquet") for name in readable) > 20
    assert sum("xl/worksheets" in name for name in readable) > 20
    found = {
        f"{name}: {len(held)} values"
        for name, text in readable.items()
        if (held := held_in(text, wanted - organisations))
    }
    assert found == set()


def texts_in(path: str, content: bytes) -> dict[str, str]:
    """What stands in a file: each part of a workbook, the rows of a Parquet file, else its text."""
    if path.endswith(".xlsx"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {f"/{name}": archive.read(name).decode("utf-8") for name in archive.namelist()}
    if path.endswith(".parquet"):
        rows = parquet.read_table(io.BytesIO(content)).to_pylist()
        return {"": "\n".join(str(v) for row in rows for v in row.values())}
    return {"": content.decode("utf-8")}


def test_the_tables_to_take_away_keep_to_their_description(sample: Walk) -> None:
    package = Package(str(site(sample) / "tables" / "datapackage.json"))
    report = package.validate()
    assert report.valid, report.flatten(["name", "message"])
    assert {"capacity_tracker_figures", "measures", "council_by_age_band"} <= set(package.resource_names)


def test_a_workbook_holds_the_figures_of_the_packs(sample: Walk) -> None:
    book = openpyxl.load_workbook(site(sample) / "tables" / "capacity-tracker.xlsx")
    head, *rows = book["Figures"].iter_rows(values_only=True)
    shown = {
        (row["Submitter id"], row["Cell"]): row["Value"]
        for row in (dict(zip(head, r, strict=True)) for r in rows)
    }
    expected = {
        (submitter, figure["cell_id"]): float(figure["value"])
        for (return_id, submitter), pack in sample.packs.items()
        if return_id == "capacity_tracker"
        for figure in read_rows(pack.folder / "figures.csv")
        if figure["value"]
    }
    held_back = {key for key in expected if shown[key] == "[c]"}
    assert len(expected) > 50
    assert 0 < len(held_back) < len(expected) / 2
    assert {key: shown[key] for key in expected.keys() - held_back} == {
        key: expected[key] for key in expected.keys() - held_back
    }


def test_a_key_on_a_page_would_be_found(sample: Walk) -> None:
    ((key,),) = sample.query("select min(person_key) from raw.person")
    assert held_in(f"<td>{key}</td>", {key}) == {key}
    assert held_in('<a href="#oakfield_care:service:svc-1">', {"svc-1", "Mary Ann"}) == {"svc-1"}
    assert held_in("<p>for Mary Ann, 81</p>", {"Mary Ann"}) == {"Mary Ann"}
