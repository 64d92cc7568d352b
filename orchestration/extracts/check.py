"""Judges an extract without loading it: what `returns check` prints and by which it exits."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from orchestration.extracts.check_table import is_table, open_alone
from orchestration.extracts.judging import OpenExtract, judged_batches, open_extract
from orchestration.extracts.manifest import Manifest
from orchestration.extracts.problems import CLEAN, UNUSABLE, ProblemGroup, ProblemLog, Refused, group_as_json
from orchestration.extracts.profile import ExtractProfile, load_profile

FORMAT_VERSION = 1


@dataclass
class FileCounts:
    """One data file in numbers: every row would be loaded or quarantined."""

    path: str
    record_class: str
    rows: int
    would_load: int = 0
    would_quarantine: int = 0
    not_judged: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Judgement:
    """The verdict on one extract.

    Unusable (exit 2) is an extract from which nothing may be loaded: it cannot be opened safely, its manifest
    is wrong or does not match the files, or the bytes of any data file cannot be parsed beyond doubt. A file
    that cannot be parsed condemns the whole extract because nothing may be half-loaded. Errors in rows
    (exit 1) keep those rows out and let the others in. Warnings alone are exit 0.
    """

    problems: list[ProblemGroup]
    files: list[FileCounts]
    manifest: Manifest | None
    exit_code: int

    @property
    def usable(self) -> bool:
        """True where the extract may be landed and loaded."""
        return self.exit_code != UNUSABLE

    def as_data(self) -> dict[str, Any]:
        """Return the judgement as plain data; its shape changes only with `format_version`."""
        manifest = self.manifest.facts() if self.manifest else None
        return {
            "format_version": FORMAT_VERSION,
            "usable": self.usable,
            "exit_code": self.exit_code,
            "profile_version": manifest["profile_version"] if manifest else None,
            "sender": {k: manifest["sender"][k] for k in ("id", "kind")} if manifest else None,
            "as_at": manifest["as_at"] if manifest else None,
            "files": [
                {
                    "path": f.path,
                    "class": f.record_class,
                    "rows": f.rows,
                    "would_load": f.would_load,
                    "would_quarantine": f.would_quarantine,
                    "not_judged": f.not_judged,
                }
                for f in self.files
            ],
            "problems": [group_as_json(group) for group in self.problems],
        }

    def json(self) -> str:
        """Return the judgement as JSON for machines."""
        return json.dumps(self.as_data(), indent=2, ensure_ascii=False)

    def text(self) -> str:
        """Return the judgement as text for people."""
        lines = [line for group in self.problems for line in _group_lines(group)]
        if self.files:
            lines.append(f"{'file':<44}{'rows':>10}{'would load':>13}{'quarantine':>13}")
            lines += [
                f"{f.path:<44}{f.rows:>10,}{f.would_load:>13,}{f.would_quarantine:>13,}" for f in self.files
            ]
            lines.append("")
            lines += [line for f in self.files if (line := _not_judged_line(f))]
        return "\n".join([*lines, self._verdict()])

    def _verdict(self) -> str:
        errors = sum(g.total for g in self.problems if g.rule.severity == "error")
        warnings = sum(g.total for g in self.problems if g.rule.severity == "warning")
        if not self.usable:
            return f"Unusable: nothing of this extract would be loaded. {_count(errors, 'error')}."
        if self.exit_code == CLEAN:
            return f"No errors, {_count(warnings, 'warning')}."
        return (
            f"{_count(errors, 'error')}, {_count(warnings, 'warning')}: rows with errors would be set aside."
        )


def _not_judged_line(file: FileCounts) -> str:
    if not file.not_judged:
        return ""
    listed = ", ".join(f"{name} {count:,}" for name, count in file.not_judged.items())
    return f"Not judged in {file.path}, for the official list is not known in full: {listed}."


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _group_lines(group: ProblemGroup) -> list[str]:
    first = group.shown[0]
    place = " · ".join(part for part in (group.file, group.field) if part) or "the extract"
    head = f"{group.rule.severity.upper()}  {group.rule.rule_id}  {place}"
    lines = [head, f"  {first.message}"]
    found = [_finding(p.row, p.value) for p in group.shown if p.row is not None or p.value]
    if found:
        more = group.total - len(group.shown)
        lines.append("  " + "; ".join(found) + (f"; and {more:,} more" if more else ""))
    return [*lines, f"  Next: {first.next_step}", ""]


def _finding(row: int | None, value: str) -> str:
    quoted = f"“{value}”" if value else ""
    return f"row {row} {quoted}".strip() if row is not None else quoted


def _count_files(extract: OpenExtract, log: ProblemLog) -> list[FileCounts]:
    counts = {name: FileCounts(table.path, name, table.rows) for name, table in extract.tables.items()}
    for table, batch in judged_batches(extract, log):
        file = counts[table.record_class.name]
        loaded = int(batch.loadable.sum())
        file.would_load += loaded
        file.would_quarantine += batch.rows.height - loaded
        for name, number in batch.not_judged.items():
            file.not_judged[name] = file.not_judged.get(name, 0) + number
    return list(counts.values())


def check(path: Path | str, profile: ExtractProfile | None = None) -> Judgement:
    """Return the judgement on the extract, or the one table of Client Level Data, at a path.

    Writes nothing; never raises for what a sender did.
    """
    log = ProblemLog()
    if is_table(Path(path)):
        return _check_table(Path(path), profile or load_profile(), log)
    files: list[FileCounts] = []
    manifest = None
    with open_extract(Path(path), log, profile) as extract:
        if extract:
            manifest = extract.manifest
            try:
                files = _count_files(extract, log)
            except Refused as refused:
                log.add_refused(refused)
                files = []
    return Judgement(log.groups, files, manifest, log.exit_code)


def _check_table(path: Path, profile: ExtractProfile, log: ProblemLog) -> Judgement:
    files: list[FileCounts] = []
    with tempfile.TemporaryDirectory(prefix="returns-") as scratch:
        try:
            files = _count_files(open_alone(path, profile, Path(scratch), log), log)
        except Refused as refused:
            log.add_refused(refused, path.name)
    return Judgement(log.groups, files, None, log.exit_code)
