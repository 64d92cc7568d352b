"""A client's index that grows by an extract: keys stay, people and figures are those of a fresh run."""

from __future__ import annotations

import shutil
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner
from walking import files_below

from orchestration import road
from orchestration.as_at import newest_as_at
from orchestration.cli import app
from orchestration.settings import load_settings
from orchestration.synthetic.maker import synthesise

PEOPLE, PROVIDERS = 60, 4
# They hold keys, and with them the version of the pack.
NAMES_KEYS = ("membership.csv", "manifest.json", "made_from.json", "latest")


@dataclass(frozen=True)
class Grown:
    """The keys after the first run, the lake after the second, and that of one run over everything."""

    before: dict[str, str]
    said: str
    lake: Path
    fresh: Path
    client: str
    late: str


def run(extracts: Path, clients: Path, lake: Path) -> str:
    asked = ["run", "--clients", str(clients), "--extracts", str(extracts), "--lake", str(lake)]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code in (0, 1), done.output
    return done.output


def link(extracts: Path, clients: Path, lake: Path) -> None:
    """Walk the road as far as the person index, by the steps a run takes."""
    settings = load_settings(lake, clients, extracts)
    client = settings.only_client(None)
    day = newest_as_at(settings, client, sorted(extracts.iterdir()))
    first = road.Run(settings, client, f"{day:%Y-%m}", extracts, day)
    road.land_extracts(first)
    road.load_landed(first)
    road.link_people(first)


def ask(lake: Path, client: str, sql: str) -> list[tuple[Any, ...]]:
    """Rows of the index, whose tables stand in the statement by their names in braces."""
    folder = lake / "identity" / client
    tables = {path.stem: f"'{path}'" for path in folder.glob("*.parquet")}
    with duckdb.connect() as connection:
        return connection.execute(sql.format(**tables)).fetchall()


def keys_of(lake: Path, client: str) -> dict[str, str]:
    return dict(ask(lake, client, "select person_record_key, person_key from {link}"))


def told_of_each_person(lake: Path, client: str) -> list[tuple[Any, ...]]:
    """What the index says of each person but the key: the person's records stand for it."""
    return ask(
        lake,
        client,
        """
        select
            list((l.person_record_key, l.rule, l.number_state) order by l.person_record_key) as records,
            p.person_kind, p.birth_date, p.death_date, p.death_source, any_value(i.nhs_number)
        from {link} as l
        inner join {person} as p on l.person_key = p.person_key
        left join {person_identifier} as i on l.person_key = i.person_key
        group by p.person_key, p.person_kind, p.birth_date, p.death_date, p.death_source
        order by records
        """,
    )


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Grown:
    folder = tmp_path_factory.mktemp("grown")
    synthesise(folder / "all", 7, PEOPLE, PROVIDERS, 1)
    (area,) = tomllib.loads((folder / "all" / "clients.toml").read_text(encoding="utf-8"))["client"]
    client = str(area["id"])
    late = [sender for sender in area["senders"] if not sender.startswith((client, "pds_trace"))][-1]
    (own,) = (folder / "all" / late).glob("care_provider.*")
    # The return is owed by a home of the late sender: its figures come of the second run.
    home = next(
        s for s in area["submitter"] if s["kind"] == "location" and s["code"].encode() in own.read_bytes()
    )
    clients = folder / "clients.toml"
    senders = ", ".join(f'"{sender}"' for sender in area["senders"])
    clients.write_text(
        f'[[client]]\nid = "{client}"\nname = "Area"\nkind = "provider"\nsynthetic = true\n'
        f"senders = [{senders}]\n\n"
        f'[[client.submitter]]\nkind = "location"\ncode = "{home["code"]}"\nname = "Home"\n',
        encoding="utf-8",
    )
    shutil.copytree(folder / "all", folder / "first", ignore=shutil.ignore_patterns(late))
    link(folder / "first", clients, folder / "lake")
    before = keys_of(folder / "lake", client)
    said = run(folder / "all", clients, folder / "lake")
    run(folder / "all", clients, folder / "fresh")
    return Grown(before, said, folder / "lake", folder / "fresh", client, late)


def test_whoever_the_late_extract_does_not_touch_keeps_the_key(grown: Grown) -> None:
    after = keys_of(grown.lake, grown.client)
    new = set(after) - set(grown.before)
    assert new and all(record.startswith(f"{grown.late}:") for record in new)
    touched = {after[record] for record in new}
    untouched = {record for record in grown.before if after[record] not in touched}
    assert len(untouched) > 20
    assert {r: after[r] for r in untouched} == {r: grown.before[r] for r in untouched}
    # Some of the new records are of people who were known, and these keep their keys too.
    assert touched & set(grown.before.values())
    assert "Index:" in grown.said and "kept" in grown.said


def test_people_are_those_of_one_run_over_everything(grown: Grown) -> None:
    told = told_of_each_person(grown.lake, grown.client)
    assert len(told) > 40
    assert told == told_of_each_person(grown.fresh, grown.client)


def test_figures_are_those_of_one_run_over_everything(grown: Grown) -> None:
    def figures(lake: Path) -> dict[tuple[str, str], bytes]:
        """The newest pack of each return, file by file."""
        found = {}
        for latest in (lake / "packs").rglob("latest"):
            version = latest.read_text(encoding="utf-8").strip()
            where = latest.parent.relative_to(lake / "packs").as_posix()
            for name, content in files_below(latest.parent / version).items():
                if name not in NAMES_KEYS:
                    found[where, name] = content
        return found

    of_grown = figures(grown.lake)
    assert len([name for _, name in of_grown if name == "figures.csv"]) >= 3
    assert of_grown == figures(grown.fresh)
