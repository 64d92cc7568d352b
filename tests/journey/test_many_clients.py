"""A supplier's clients walk the road together: a broken one is reported and the rest is complete."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from benchmarks.many_clients.supplier import make_supplier
from orchestration.batch import run_batch
from orchestration.cli import app
from orchestration.settings import load_settings

UNREADABLE, UNOPENED, WITHOUT_KEY = "harbour_homes", "brightways_homecare", "fernside_support"


@dataclass(frozen=True)
class Ended:
    """A batch that has ended: its exit code, its rows by client, what it printed and its lake."""

    code: int
    rows: dict[str, dict[str, str]]
    said: str
    lake: Path
    extracts: Path


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    extracts = tmp_path_factory.mktemp("supplier") / "made"
    clients = make_supplier(extracts, clients=5, people_each=20)
    for file in (extracts / UNREADABLE).glob("service.*"):
        file.write_bytes(b"\0\xff no table")
    (extracts / UNOPENED / "manifest.json").write_text("{", encoding="utf-8")
    text = clients.read_text(encoding="utf-8")
    with_people = text.replace(
        'name = "Fernside Support"\nkind = "provider"\nsynthetic = true',
        'name = "Fernside Support"\nkind = "provider"\nsynthetic = false',
    )
    assert text != with_people
    clients.write_text(with_people, encoding="utf-8")
    lake = extracts.with_name("lake")
    ended = CliRunner().invoke(
        app, ["run", "--clients", str(clients), "--extracts", str(extracts), "--lake", str(lake)]
    )
    with (lake / "batches" / "2026-10" / "clients.csv").open(encoding="utf-8", newline="") as handle:
        rows = {row["client_id"]: row for row in csv.DictReader(handle)}
    return Ended(ended.exit_code, rows, ended.output, lake, extracts)


def test_each_client_has_one_row_and_the_good_ones_have_their_packs(batch: Ended) -> None:
    assert len(batch.rows) == 5
    good = {name: row for name, row in batch.rows.items() if row["state"] == "complete"}
    assert sorted(good) == ["elmhurst_homecare_5", "oakfield_care"]
    for name, row in good.items():
        packs = list((batch.lake / "packs" / name).rglob("latest"))
        assert len(packs) == int(row["packs_written"]) > 0
        assert int(row["received"]) == int(row["loaded"]) + int(row["quarantined"]) > 0
        assert int(row["people"]) > 0


def test_a_broken_client_is_reported_and_stops_nobody(batch: Ended) -> None:
    assert batch.code == 1
    assert "service" in batch.rows[UNREADABLE]["why"]
    assert batch.rows[UNREADABLE]["state"] in ("failed", "look_at")
    assert not list((batch.lake / "packs" / UNREADABLE).glob("*/capacity_tracker/*/latest"))
    assert "RETURNS_PERSON_KEY_FILE" in batch.rows[WITHOUT_KEY]["why"]
    assert batch.rows[WITHOUT_KEY]["state"] == "failed"
    assert f"extract {UNOPENED}, of which nobody can tell whose it is" in batch.said
    assert batch.rows[UNOPENED]["state"] != "complete"


def test_the_summary_is_written_as_json_too_and_the_same_again(batch: Ended) -> None:
    file = batch.lake / "batches" / "2026-10" / "clients.json"
    told = json.loads(file.read_text(encoding="utf-8"))
    assert [c["client_id"] for c in told["clients"]] == list(batch.rows)
    assert told["exit_code"] == 1
    assert sum(told["states"].values()) == 5
    assert "Clients: 2 complete," in batch.said


def test_a_client_fares_alone_as_among_many(batch: Ended, tmp_path: Path) -> None:
    entries = (batch.extracts / "supplier.toml").read_text(encoding="utf-8").split("[[client]]\n")
    (own,) = [e for e in entries if 'id = "oakfield_care"' in e]
    alone = tmp_path / "alone.toml"
    alone.write_text("[[client]]\n" + own, encoding="utf-8")
    settings = load_settings(batch.lake, alone, batch.extracts, {})
    (outcome,) = run_batch(settings, None, None, lambda _: None).clients
    assert (outcome.packs_unchanged, outcome.packs_written) == (
        int(batch.rows["oakfield_care"]["packs_written"]),
        0,
    )
