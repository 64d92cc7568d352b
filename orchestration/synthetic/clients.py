"""The client settings that go with a made set: who may be linked together, and who owes a return."""

from __future__ import annotations

from pathlib import Path

from orchestration.synthetic.places import Council


def write_clients(path: Path, councils: list[Council], traced: set[str]) -> None:
    """Write one client per council with its providers, its tracing answers and its submitters."""
    lines: list[str] = []
    for council in councils:
        senders = [council.sender_id, *(p.sender_id for p in council.providers)]
        senders += [council.trace_sender] if council.trace_sender in traced else []
        quoted = ", ".join(f'"{s}"' for s in senders)
        lines += [
            "[[client]]",
            f'id = "{council.sender_id.removesuffix("_council")}"',
            f'name = "{council.name}"',
            'kind = "council_area"',
            "synthetic = true",
            f"senders = [{quoted}]",
            "",
        ]
        submitters = [("council", council.code, f"{council.name} Council")]
        submitters += [
            ("location", loc.location_id, loc.name) for p in council.providers for loc in p.locations
        ]
        for kind, code, name in submitters:
            lines += ["[[client.submitter]]", f'kind = "{kind}"', f'code = "{code}"', f'name = "{name}"', ""]
    path.write_text("\n".join(lines), encoding="utf-8", newline="\n")
