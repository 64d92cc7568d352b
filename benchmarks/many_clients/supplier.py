"""A supplier's set: many made-up provider organisations, each a client of its own, in one folder."""

from __future__ import annotations

import tomllib
from pathlib import Path

from orchestration.synthetic.maker import synthesise

AREAS_OF = 3
# About two people in three of an area are with a provider; the others only the council knows.
WITH_A_PROVIDER = (2, 3)


def make_supplier(out: Path, clients: int, people_each: int, seed: int = 1) -> Path:
    """Write the extracts of so many providers and return the clients file that names each as a client.

    The providers lie in the areas of fewer councils, as a supplier's customers do; the councils' own extracts
    stay in the folder and are nobody's.
    """
    councils = max(1, clients // AREAS_OF)
    known, of = WITH_A_PROVIDER
    synthesise(out, seed, clients * people_each * of // known, clients, councils)
    areas = tomllib.loads((out / "clients.toml").read_text(encoding="utf-8"))["client"]
    file = out / "supplier.toml"
    entries = []
    for area in areas:
        locations = [s for s in area["submitter"] if s["kind"] == "location"]
        traces = [s for s in area["senders"] if s.startswith("pds_trace")]
        for provider in [s for s in area["senders"] if s != f"{area['id']}_council" and s not in traces]:
            entries.append((provider, [provider, *traces], _owned(out / provider, locations)))
    file.write_text("\n".join(_client(*entry) for entry in entries), encoding="utf-8", newline="\n")
    return file


def _owned(extract: Path, locations: list[dict[str, str]]) -> list[dict[str, str]]:
    """The locations whose ids the provider's own extract holds."""
    (own,) = extract.glob("care_provider.*")
    content = own.read_bytes()
    return [location for location in locations if location["code"].encode() in content]


def _client(client_id: str, senders: list[str], submitters: list[dict[str, str]]) -> str:
    lines = [
        "[[client]]",
        f'id = "{client_id}"',
        f'name = "{client_id.replace("_", " ").title()}"',
        'kind = "provider"',
        "synthetic = true",
        "senders = [" + ", ".join(f'"{s}"' for s in senders) + "]",
        "",
    ]
    for submitter in submitters:
        lines += ["[[client.submitter]]", *(f'{k} = "{submitter[k]}"' for k in ("kind", "code", "name")), ""]
    return "\n".join(lines)
