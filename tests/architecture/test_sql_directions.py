"""The dbt models keep the directions of the design: each layer reads only what lies before it."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from orchestration.warehouse.build import DBT_PROJECT
from orchestration.warehouse.plan import prepare_manifest

RUN = {
    f"stg_run__{what}" for what in ("parameters", "return", "submitter", "missed_window", "earlier_figure")
}
# What the official lists say; each return reads the same words.
OFFICIAL_LISTS = {"stg_cld__field", "stg_cld__code_field", "stg_cld__label"}
# What an official method says, and the lookups it names; measures read it as it stands.
OFFICIAL_METHOD = {
    f"stg_cld__{what}"
    for what in (
        *("method_run", "method_period", "method_list", "outcome_rank", "council", "council_2a"),
        *("population", "home_area", "hospital_spell"),
    )
}
# Edges that pass a layer by, each with the reason it may.
EXCEPTIONS = {
    # rows per class as they were received, before any version of a record is chosen
    "agg__class_count": "any",
    # every field of every class as it was received, also of classes that nothing else reads yet
    "agg__field_count": "any",
    # how often one sender holds one person: records counted before they become people
    "agg__sender_people": {"stg_identity__link"},
    # when a sender's records were taken: a fact of the extract, not of a record
    "agg__class_scorecard": {"stg_run__receipt"},
    # an occupancy record is already one row per location, day and category: core would only copy it
    "agg__beds": {"stg_mods__occupancy"},
    "chk_core__occupancy_over_capacity": {"stg_mods__occupancy"},
    # labels as the council wrote them, which core has already put right
    "agg__council_label": {
        f"stg_cld__{what}"
        for what in ("request", "assessment", "service", "review", "cost", "carer", "code_field")
    },
    # whether a person has a number at all, never the number
    "agg__cld_row": {"stg_cld__numbered_person"},
    # the provider's own files, which are the layout of the return: core holds ids and codes of their rows
    "asc_wds__service_line": {"stg_asc_wds__workplace"},
    "asc_wds__user_list": {"stg_asc_wds__workplace"},
    "asc_wds__workplace": {"stg_asc_wds__workplace", "stg_mods__location_address"},
    "chk_asc_wds__workplace_lists": {"stg_asc_wds__workplace"},
    "chk_asc_wds__files": {"stg_asc_wds__workplace", "stg_asc_wds__staff", "stg_asc_wds__training"},
    "ret_asc_wds__staff": {"stg_asc_wds__staff"},
    "ret_asc_wds__training": {"stg_asc_wds__training"},
    # the one model that joins identifiers back
    "ret_cld__file": {"stg_cld__person_identifier", "stg_cld__person_number"},
}
LINES = 120
# the named passes of one stage, read best beside one another
LONGER = {
    "agg__demand_person_now.sql": 135,
    "40_cross_check.sql": 130,
    "50_exact.sql": 130,
}
CLOCKS = re.compile(
    r"\b(now|today|getdate|random|uuid|gen_random_uuid|get_current_timestamp)\s*\("
    r"|\bcurrent_(date|time|timestamp)\b|\blocaltimestamp\b",
    re.IGNORECASE,
)


@cache
def nodes() -> dict[str, dict[str, Any]]:
    manifest = json.loads(prepare_manifest().read_text(encoding="utf-8"))
    return manifest["nodes"] | manifest["sources"]


def models() -> list[dict[str, Any]]:
    return [n for n in nodes().values() if n["resource_type"] == "model"]


def layer(node: dict[str, Any]) -> str:
    """`source`, a folder below models/, or `returns/<return>`."""
    if node["resource_type"] == "source":
        return "source"
    first, second, *_ = Path(node["original_file_path"]).parts
    return second if first == "models" else f"{first}/{second}"


def may_read(reader: dict[str, Any], read: dict[str, Any]) -> bool:
    by, what, name = layer(reader), layer(read), read["name"]
    allowed = {
        "staging": what in ("source", "staging"),
        "core": what in ("staging", "core"),
        "aggregates": what in ("core", "aggregates") or name in RUN,
        "quality": what in ("core", "aggregates") or name in RUN,
    }
    own = what in ("core", "aggregates", by) or name in RUN | OFFICIAL_LISTS | OFFICIAL_METHOD
    exception = EXCEPTIONS.get(reader["name"], set())
    return allowed.get(by, own) or exception == "any" or name in exception


def test_each_layer_reads_only_what_lies_before_it() -> None:
    wrong = [
        f"{model['name']} reads {nodes()[read]['name']}"
        for model in models()
        for read in model["depends_on"]["nodes"]
        if not may_read(model, nodes()[read])
    ]
    assert wrong == []


def test_a_return_that_reads_another_would_be_found() -> None:
    cld = next(m for m in models() if layer(m) == "returns/cld")
    other = next(m for m in models() if layer(m) == "returns/capacity_tracker")
    assert not may_read(cld, other)


def test_every_exception_is_still_needed() -> None:
    read = {m["name"]: {nodes()[n]["name"] for n in m["depends_on"]["nodes"]} for m in models()}
    spare = {
        reader: wanted - read.get(reader, set())
        for reader, wanted in EXCEPTIONS.items()
        if isinstance(wanted, set) and wanted - read.get(reader, set())
    }
    assert spare == {}


def test_every_model_says_what_one_row_is() -> None:
    assert [m["name"] for m in models() if not m["description"].startswith("One row per ")] == []


def test_every_shared_model_and_every_figure_has_a_tested_key() -> None:
    tested = defaultdict(set)
    for node in nodes().values():
        if node["resource_type"] == "test" and node.get("test_metadata"):
            tested[node.get("attached_node")].add(node["test_metadata"]["name"])
    without = [
        m["name"]
        for m in models()
        if (layer(m) in ("staging", "core", "aggregates") or m["name"].startswith("ret_"))
        and not tested[m["unique_id"]] & {"unique", "unique_combination"}
    ]
    assert without == []


def sql_files() -> list[Path]:
    root = DBT_PROJECT.parent
    found = [p for p in DBT_PROJECT.rglob("*.sql") if "target" not in p.parts]
    return found + list((root / "orchestration").rglob("*.sql"))


def without_comments(sql: str) -> str:
    return re.sub(r"--[^\n]*|/\*.*?\*/|\{#.*?#\}", "", sql, flags=re.DOTALL)


def test_no_sql_reads_the_clock_or_chance() -> None:
    files = sql_files()
    assert len(files) > 100
    assert [p.name for p in files if CLOCKS.search(without_comments(p.read_text(encoding="utf-8")))] == []


@pytest.mark.parametrize("sql", ["select now()", "where d < current_date", "order by random()"])
def test_a_clock_would_be_found(sql: str) -> None:
    assert CLOCKS.search(sql)


def test_every_model_fits_on_a_few_screens() -> None:
    lines = {p.name: len(p.read_text(encoding="utf-8").splitlines()) for p in sql_files()}
    assert {name: n for name, n in lines.items() if n > LONGER.get(name, LINES)} == {}
