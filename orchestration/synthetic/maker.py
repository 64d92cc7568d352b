"""Making whole sets of extracts: every council's area, the files, the client settings and the truth."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from orchestration.synthetic.chance import stream
from orchestration.synthetic.clients import write_clients
from orchestration.synthetic.labels import dress
from orchestration.synthetic.maker_world import World, make_world
from orchestration.synthetic.places import make_councils
from orchestration.synthetic.row_faults import FAULT_COLUMNS, plant_all
from orchestration.synthetic.tables import Row, write_csv
from orchestration.synthetic.truth import Truth
from orchestration.synthetic.writing import write_extract

AS_AT = date(2026, 10, 12)
CARE_CASE = ("CareCase", "11.2")
Progress = Callable[[str], None]
Sender = dict[str, str | None]
System = tuple[str, str]
Classes = dict[str, list[Row]]


def synthesise(
    out: Path,
    seed: int,
    people: int,
    providers: int,
    councils: int,
    as_at: date = AS_AT,
    faults: bool = False,
    on_progress: Progress | None = None,
) -> None:
    """Write extracts, clients.toml and the truth into an empty folder; the same seed gives the same bytes.

    With `faults`, rows that must be set aside are added once the truth is known; truth/faults.csv lists them.
    No row that feeds a figure is touched: what remains after quarantine still has the true figures.
    """
    if out.exists() and any(out.iterdir()):
        raise FileExistsError(f"{out} is not empty: name a new folder")
    if people < 1 or providers < 1 or councils < 1:
        raise ValueError("people, providers and councils must each be at least 1")
    out.mkdir(parents=True, exist_ok=True)
    made = make_councils(seed, councils, providers)
    traced: set[str] = set()
    truth = Truth()
    listed: list[tuple[str, ...]] = []
    for council in made:
        size = people // councils + (council.number < people % councils)
        if on_progress:
            on_progress(f"{council.name}: {size} people, {len(council.providers)} providers")
        world = make_world(seed, council, councils, size, as_at)
        truth.add(world)
        listed += write_world(out, seed, world, faults=faults)
        traced |= {council.trace_sender} if world.answers else set()
    truth.write(out / "truth")
    write_csv(out / "truth" / "faults.csv", FAULT_COLUMNS, listed)
    write_clients(out / "clients.toml", made, traced)


def write_world(out: Path, seed: int, world: World, *, faults: bool = False) -> list[tuple[str, ...]]:
    """Write the extracts of one council's area and return the list of faults planted in them."""
    council, as_at = world.council, world.as_at
    listed: list[tuple[str, ...]] = []

    def write(
        sender: dict[str, str | None], system: System, tables: Classes, file_format: str = "csv"
    ) -> None:
        folder = str(sender["id"])
        if faults:
            listed.extend(plant_all(tables, folder, file_format))
        write_extract(out / folder, sender, system, tables, as_at, file_format)

    for provider in council.providers:
        sender: Sender = {
            "id": provider.sender_id,
            "name": provider.name,
            "kind": "provider",
            "ods_code": provider.ods_code,
            "cqc_provider_id": provider.provider_id,
        }
        tables = world.provider_tables[provider.sender_id].classes
        write(sender, provider.system, tables, provider.file_format)
    rng = stream(seed, "labels", council.number)
    older = str(as_at.replace(year=as_at.year - 1))
    dressed = {c: dress(c, rows, rng, older) for c, rows in world.council_tables.classes.items()}
    name = f"{council.name} Council"
    owner: Sender = {"id": council.sender_id, "name": name, "kind": "council", "la_code": council.code}
    write(owner, CARE_CASE, dressed)
    if world.answers:
        trace: Sender = {"id": council.trace_sender, "name": "Batch tracing", "kind": "trace"}
        write(trace, ("Batch tracing", "1"), {"trace_response": world.answers})
    return listed
