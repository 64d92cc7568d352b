"""Many providers' bulk uploads in one warehouse, and the files the product writes for each of them."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from orchestration.quality.relations import Relation, relations
from orchestration.returns.definitions import load_definition
from orchestration.returns.layouts import Filling, fill_layout
from orchestration.warehouse.build import ReturnPeriod, RunParameters, Submitter
from tests.returns.example_warehouse import RETURNS, build_example, rule_models

DAY = date(2026, 10, 11)
Row = dict[str, str]
Pages = Mapping[str, Sequence[Row]]
PAGES = ("workplace", "staff", "training")
FILLING = ReturnPeriod(
    return_id="asc_wds", title="ASC-WDS", submitted_by="location", period_label="2026-10-11",
    period_start=DAY, period_end=DAY, window_opens=None, window_closes=None, method_version="2026-08",
)  # fmt: skip
RUN = RunParameters(client_id="example", reporting_period="2026-10", as_at_date=DAY, is_synthetic=True)


@dataclass(frozen=True)
class Upload:
    """What one provider of one care home sends: its three files, and the services of the people there."""

    pages: Pages
    components: Sequence[str] = field(default=())


@dataclass(frozen=True)
class Told:
    """What the product made of an upload: the rows it wrote, and what it reported of them."""

    written: dict[str, list[Row]]
    headers: dict[str, list[str]]
    reported: set[tuple[str, str, int]]


def location_of(number: int) -> str:
    """Return the CQC location id of the provider with a number."""
    return f"1-9000{number:05d}"


def _write(path: Path, rows: list[Row]) -> None:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def build_uploads(uploads: Sequence[Upload], scratch: Path) -> Path:
    """Build one warehouse in which every upload is that of a provider of its own; return its file."""
    example = scratch / "asc_wds" / "examples" / "uploads"
    (example / "extract").mkdir(parents=True)
    tables: dict[str, list[Row]] = {page: [] for page in PAGES}
    sites, services, people = [], [], ["person_record_key,person_key,birth_date,death_date"]
    for number, upload in enumerate(uploads):
        about = {"_sender_id": f"sender_{number}"}
        place = location_of(number)
        sites.append(
            {"record_uid": f"loc-{number}", "cqc_location_id": place, "cqc_location_name": "Alder House",
             "cqc_provider_id": "1-900000900", "care_setting": "care_home", "registered_beds": "20"} | about
        )  # fmt: skip
        for page in PAGES:
            tables[page] += [{k.lower(): v for k, v in row.items()} | about for row in upload.pages[page]]
        for one, component in enumerate(upload.components):
            person = f"p-{number}-{one}"
            people.append(f"sender_{number}:{person},{person},1940-01-01,")
            services.append(
                {"record_uid": f"s-{one}", "subject_of_care": person, "care_provider": place,
                 "service_start_date": "2026-01-01", "cld_service_component": component} | about
            )  # fmt: skip
    for page, rows in tables.items():
        if rows:
            _write(example / "extract" / f"asc_wds_{page}.csv", rows)
    _write(example / "extract" / "care_provider.csv", sites)
    if services:
        _write(example / "extract" / "service.csv", services)
    (example / "person.csv").write_text("\n".join(people) + "\n")
    (example / "run.toml").write_text(
        'client_id = "example"\nreporting_period = "2026-10"\nas_at_date = 2026-10-11\n'
        '[period]\nlabel = "2026-10-11"\nstart = 2026-10-11\nend = 2026-10-11\n'
    )
    return build_example(example, scratch / "built")


def tell_all(file: Path, uploads: int, scratch: Path) -> Iterator[Told]:
    """Write the files of each provider's location and return them with what was reported of their rows."""
    definition = load_definition(RETURNS / "asc_wds")
    parts = " union all by name ".join(f"select * from returns.{m}" for m in rule_models("asc_wds"))
    with duckdb.connect(str(file), read_only=True) as connection:
        known: Mapping[str, Relation] = relations(connection)
        failing: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for rule, place, key in connection.execute(
            f"select rule_id, submitter_id, record_key from ({parts})"
        ).fetchall():
            failing[place].append((rule.removeprefix("asc_wds."), key))
        keys: dict[tuple[str, str], list[str]] = defaultdict(list)
        for page in PAGES:
            for place, key in connection.execute(
                f"select submitter_id, record_key from returns.ret_asc_wds__{page} order by row_number"
            ).fetchall():
                keys[page, place].append(key)
        for number in range(uploads):
            place = location_of(number)
            folder = scratch / f"pack-{number}"
            folder.mkdir()
            submitter = Submitter(submitter_id=place, kind="location", code=place, name="Alder House")
            fill_layout(connection, known, definition, Filling(RUN, FILLING, submitter), folder)
            written, headers = {}, {}
            for page in PAGES:
                with (folder / f"asc_wds_{page}.csv").open(encoding="utf-8", newline="") as handle:
                    reader = csv.DictReader(handle)
                    written[page] = list(reader)
                    headers[page] = list(reader.fieldnames or [])
            reported = {
                (rule, page, keys[page, place].index(key))
                for rule, key in failing[place]
                for page in PAGES
                if key in keys[page, place]
            }
            yield Told(written, headers, reported)
