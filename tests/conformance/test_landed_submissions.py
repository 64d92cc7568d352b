"""Files as a council submitted them, landed as extracts, become the store that the official method reads."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import duckdb
import polars as pl
import pytest
from typer.testing import CliRunner

from orchestration.cli import app
from orchestration.extracts.landing import land
from orchestration.extracts.loading import load
from orchestration.extracts.profile import STANDARDS, read_rows
from orchestration.synthetic.nhs_numbers import number_block
from orchestration.warehouse.cld_submissions import read_landed_submissions, write_store
from tests.conformance.run_kit import KIT

FIELDS = read_rows(STANDARDS / "cld" / "R2" / "fields.csv")
COUNCIL = "901"
CLIENT = "ambershire"
CLIENTS = f"""
[[client]]
id = "{CLIENT}"
name = "Ambershire"
kind = "council_area"
synthetic = true
senders = ["ambershire"]
[[client.submitter]]
kind = "council"
code = "901"
name = "Ambershire"
"""
# What a council does not know of the store's rows is left out; ages are derived from a birth date.
AS_THE_STORE_DERIVES = """
    select * replace (
        la_code::varchar as la_code, null::bigint as der_conversation,
        der_nhs_number_traced_pseudo as der_nhs_number_pseudo,
        date_diff('year', birth, event_start_date)
            - (strftime(event_start_date, '%m%d') < strftime(birth, '%m%d'))::bigint
            as der_age_event_start_date
    )
    from (
        select *, make_date(der_birth_year, der_birth_month, 15) as birth
        from read_parquet(?) where la_code = 901
    )
"""


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The lake after every submission of one council of the kit was landed and loaded."""
    folder = tmp_path_factory.mktemp("submissions")
    rows = duckdb.execute(AS_THE_STORE_DERIVES, [str(KIT / "cld_raw.parquet")]).pl()
    people = sorted(rows["Der_NHS_Number_Traced_Pseudo"].drop_nulls().unique())
    numbers = dict(zip(people, number_block(0, 1, len(people)), strict=True))
    for (imported,), file in rows.group_by("ImportDate", maintain_order=True):
        extract = folder / f"{imported:%Y%m%d}"
        extract.mkdir()
        own = {normal(c): c for c in file.columns}
        columns = {
            f["header"]: pl.col(own[normal(f["database_column"])])
            for f in FIELDS
            if normal(f["database_column"]) in own
        }
        columns["NHS Number"] = pl.col("Der_NHS_Number_Traced_Pseudo").replace(numbers)
        columns["Date of Birth"] = pl.col("birth")
        file.select(**columns).write_csv(extract / "submission.csv")
        body = (extract / "submission.csv").read_bytes()
        manifest = {
            "profile_version": "1.0.0",
            "sender": {"id": "ambershire", "name": "Ambershire", "kind": "council", "ods_code": None,
                       "cqc_provider_id": None, "la_code": COUNCIL},
            "supplier_system": {"name": "Made", "version": "1"},
            "mods_version": "1.0.0",
            "as_at": f"{imported:%Y-%m-%dT%H:%M:%SZ}",
            "files": [{"path": "submission.csv", "class": "cld_submission", "rows": file.height,
                       "sha256": hashlib.sha256(body).hexdigest()}],
        }  # fmt: skip
        (extract / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        receipt = load(land(extract, CLIENT, folder / "lake"), CLIENT, folder / "lake")
        assert (receipt.loaded, receipt.quarantined) == (file.height, 0)
    return folder / "lake"


def normal(name: str) -> str:
    return name.lower()


def test_landed_files_hold_what_the_store_of_the_kit_holds(lake: Path, tmp_path: Path) -> None:
    made = write_store(
        read_landed_submissions(CLIENT, lake), KIT / "lookups", b"secret", tmp_path / "s.parquet"
    )
    given = duckdb.execute(AS_THE_STORE_DERIVES, [str(KIT / "cld_raw.parquet")]).pl()
    ours = pl.read_parquet(made)
    skipped = {"Der_Unique_Record_ID", "ImportDate", "Der_NHS_Number_Pseudo", "Der_NHS_Number_Traced_Pseudo"}
    own = {normal(c): c for c in given.columns}
    columns = [c for c in ours.columns if c not in skipped and normal(c) in own]
    assert len(columns) > 35

    def sayings(frame: pl.DataFrame, named: list[str]) -> pl.DataFrame:
        texts = frame.select(
            pl.col(n)
            .cast(ours.schema[c], strict=False)
            .cast(pl.String)
            .str.strip_chars()
            .replace("", None)
            .alias(c)
            for n, c in zip(named, columns, strict=True)
        )
        return texts.group_by(columns).len().sort(columns)

    made_of, expected = sayings(ours, columns), sayings(given, [own[normal(c)] for c in columns])
    differing = [c for c in columns if not made_of[c].sort().equals(expected[c].sort())]
    assert differing == []
    assert made_of.equals(expected)
    # People stay apart and together as they were.
    traced = "Der_NHS_Number_Traced_Pseudo"
    assert ours[traced].n_unique() == given[traced].n_unique()
    assert ours[traced].null_count() == given[traced].null_count()


def test_build_reads_the_submissions_in_the_lake_and_writes_no_number(lake: Path, tmp_path: Path) -> None:
    clients = tmp_path / "clients.toml"
    clients.write_text(CLIENTS, encoding="utf-8")
    asked = ["build", "waiting_times", "--lookups", str(KIT / "lookups"), "--period-start", "2025-04-01"]
    asked += ["--period-end", "2026-03-31", "--as-at", "2026-05-05", "--lake", str(lake)]
    done = CliRunner().invoke(app, [*asked, "--clients", str(clients), "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    official = pl.read_csv(KIT / "golden_s26" / "waiting_times_la.csv", infer_schema=False)
    figures = pl.read_csv(tmp_path / "out" / "waiting_times_la.csv", infer_schema=False)
    assert set(figures["LA_Code"]) == {COUNCIL}
    # People the kit knows by an untraced pseudonym are unknown to a council; the shape stays.
    assert figures.height == official.filter(pl.col("LA_Code") == COUNCIL).height
    for path in (p for p in (tmp_path / "out").rglob("*") if p.is_file()):
        assert b"9990000" not in path.read_bytes()


def test_a_submitted_file_serves_as_a_store(lake: Path, tmp_path: Path) -> None:
    newest = sorted((lake / "landing" / CLIENT).glob("*/submission.csv"))[-1]
    asked = ["build", "cld_main", "--cld-store", str(newest), "--lookups", str(KIT / "lookups")]
    asked += ["--period-start", "2025-04-01", "--period-end", "2026-03-31", "--as-at", "2026-05-05"]
    done = CliRunner().invoke(app, [*asked, "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output


def test_a_lake_without_submissions_says_what_to_hand_over(tmp_path: Path) -> None:
    asked = ["build", "ascof", "--lookups", str(KIT / "lookups"), "--period-start", "2025-04-01"]
    asked += ["--period-end", "2026-03-31", "--as-at", "2026-05-05", "--lake", str(tmp_path)]
    done = CliRunner().invoke(app, [*asked, "--out", str(tmp_path / "out")])
    assert done.exit_code == 2
    assert "no submission of client 'northmere' is in the lake" in done.output
    assert "cld_submission" in done.output


def test_with_the_person_index_its_people_count_and_the_effect_is_written(lake: Path, tmp_path: Path) -> None:
    # The index of this test joins two local ids that DHSC keeps apart.
    landed = read_landed_submissions(CLIENT, lake)
    ids = landed["la_person_unique_identifier"].drop_nulls().unique().sort()
    keys = [f"person{min(i, 40):04d}" for i in range(len(ids))]
    folder = lake / "identity" / CLIENT
    folder.mkdir(parents=True, exist_ok=True)
    pl.DataFrame({"sender_id": "ambershire", "local_person_id": ids, "person_key": keys}).write_parquet(
        folder / "link.parquet"
    )
    (tmp_path / "clients.toml").write_text(CLIENTS, encoding="utf-8")
    asked = ["build", "ascof", "--lookups", str(KIT / "lookups"), "--period-start", "2025-04-01"]
    asked += ["--period-end", "2026-03-31", "--as-at", "2026-05-05", "--lake", str(lake)]
    asked += ["--clients", str(tmp_path / "clients.toml"), "--person-id", "index"]
    done = CliRunner().invoke(app, [*asked, "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    effect = pl.read_csv(tmp_path / "out" / "index_effect.csv", infer_schema=False)
    assert effect.height > 0
    assert f"{effect.height} of " in done.output
    denominators = effect.filter(pl.col("cell_id").str.starts_with("2e_65.total.901.latest")).row(
        0, named=True
    )
    assert int(denominators["index_denominator"]) < int(denominators["official_denominator"])
