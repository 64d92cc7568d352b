"""An extract sent again with a record that was forgotten."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path


def forgotten_member_of_staff(extract: Path, location: str, started: str) -> None:
    """Add to one location a member of staff who started on a day, and send the extract a day later."""
    file = extract / "staff.csv"
    with file.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    like = next(row for row in rows if row["care_provider"] == location)
    forgotten = like | {
        "record_uid": "stf-forgotten",
        "unique_worker_id": "W99999",
        "staff_group": "care",
        "employment_status": "1",
        "start_date": started,
        "leaving_date": "",
    }
    with file.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(forgotten), restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows([*rows, forgotten])
    path = extract / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["as_at"] = "2026-10-12T20:00:00Z"
    (listed,) = [f for f in manifest["files"] if f["path"] == file.name]
    listed |= {"sha256": hashlib.sha256(file.read_bytes()).hexdigest(), "rows": len(rows) + 1}
    path.write_text(json.dumps(manifest), encoding="utf-8")
