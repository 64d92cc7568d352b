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
from orchestration.synthetic.truth import Truth
from orchestration.synthetic.writing import write_extract

AS_AT = date(2026, 10, 12)
Progress = Callable[[str], None]


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
    """Write extracts, clients.toml and the truth into an empty folder; the same seed gives the same bytes."""
    if out.exists() and any(out.iterdir()):
        raise FileExistsError(f"{out} is not empty: name a new folder")
    if people < 1 or providers < 1 or councils < 1:
        raise ValueError("people, providers and councils must each be at least 1")
    out.mkdir(parents=True, exist_ok=True)
    made = make_councils(seed, councils, providers)
    traced: set[str] = set()
    truth = Truth()
    for council in made:
        size = people // councils + (council.number < people % councils)
        if on_progress:
            on_progress(f"{council.name}: {size} people, {len(council.providers)} providers")
        world = make_world(seed, council, councils, size, as_at)
        truth.add(world)
        write_world(out, seed, world)
        traced |= {council.trace_sender} if world.answers else set()
    truth.write(out / "truth")
    write_clients(out / "clients.toml", made, traced)


def write_world(out: Path, seed: int, world: World) -> None:
    """Write the extracts of one council's area."""
    council, as_at = world.council, world.as_at
    for provider in council.providers:
        sender = {
            "id": provider.sender_id,
            "name": provider.name,
            "kind": "provider",
            "ods_code": provider.ods_code,
            "cqc_provider_id": provider.provider_id,
        }
        tables = world.provider_tables[provider.sender_id].classes
        write_extract(out / provider.sender_id, sender, provider.system, tables, as_at, provider.file_format)
    rng = stream(seed, "labels", council.number)
    older = str(as_at.replace(year=as_at.year - 1))
    dressed = {c: dress(c, rows, rng, older) for c, rows in world.council_tables.classes.items()}
    council_sender = {
        "id": council.sender_id, "name": f"{council.name} Council", "kind": "council", "la_code": council.code,
    }  # fmt: skip
    write_extract(out / council.sender_id, council_sender, ("CareCase", "11.2"), dressed, as_at)
    if world.answers:
        trace = {"id": council.trace_sender, "name": "Batch tracing", "kind": "trace"}
        tables = {"trace_response": world.answers}
        write_extract(out / council.trace_sender, trace, ("Batch tracing", "1"), tables, as_at)
