"""The official tables of a conformance kit, and of a store of submissions."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import polars as pl

from orchestration.conformance.building import build_official, open_built
from orchestration.conformance.figure_files import FIGURES, write_figure_files
from orchestration.conformance.findings import READ, council_warnings, write_findings
from orchestration.conformance.kit import quarter_before, read_kit
from orchestration.conformance.table_members import write_members
from orchestration.conformance.tables import official_tables, write_table
from orchestration.returns.tables import write_csv
from orchestration.warehouse.cld_store import OfficialRun, StoreInputs

MODELS = {
    "cld_main": "models/core/cld_main",
    "ascof": "returns/ascof",
    "waiting_times": "returns/waiting_times",
}
RETURNS = tuple(MODELS)
Say = Callable[[str], None]


@dataclass
class SectionOutcome:
    """What was written for one section, what was not and why, and what to know about it."""

    name: str
    method: str
    written: list[str] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)


def _silent(_: str) -> None:
    return None


def _compute(
    name: str,
    run: OfficialRun,
    inputs: StoreInputs,
    out: Path,
    return_ids: tuple[str, ...],
    stand_in: bool,
    figures_of: str | None = None,
) -> SectionOutcome:
    """Build one run and write its tables; `stand_in` lets submitted deaths stand in for the register.

    `figures_of` names the return whose figures are written beside the tables, with who stands in them.
    """
    outcome = SectionOutcome(name, run.method_id)
    out.mkdir(parents=True, exist_ok=True)
    select = [f"+path:{MODELS[return_id]}" for return_id in return_ids]
    select += [f"+{model}" for model in READ]
    with tempfile.TemporaryDirectory(prefix=".building-", dir=out) as folder:
        file, prepared = build_official(Path(folder), run, inputs, select)
        missing = dict(prepared.missing)
        if stand_in and (reason := missing.pop("register", None)):
            outcome.warnings.append(f"{reason}, so submitted dates of death stand in")
        outcome.warnings += prepared.warnings
        tables: list[str] = []
        with open_built(file) as connection:
            for table in official_tables(run.method_id, [period[0] for period in run.periods]):
                if table.return_id not in return_ids:
                    continue
                if reasons := [missing[need] for need in table.needs if need in missing]:
                    outcome.skipped[table.name] = "; ".join(reasons)
                    continue
                write_table(connection, table, out)
                outcome.written.append(table.name)
                tables.append(table.name.removesuffix(f"_{table.period_id}"))
            outcome.warnings += council_warnings(connection)
            if figures_of:
                # Made in the closed folder and moved: nobody else can read the membership meanwhile.
                made = Path(folder) / "figures"
                made.mkdir()
                names = write_figure_files(connection, figures_of, run, outcome.skipped, made)
                names += write_members(connection, tables, made)
                quality, outcome.findings = write_findings(connection, figures_of, made)
                for name in (*names, *quality):
                    if (out / name).is_dir():
                        shutil.rmtree(out / name)
                    (made / name).replace(out / name)
                    outcome.written.append(name)
    return outcome


def conform(
    kit: Path,
    lookups: Path | None,
    out: Path,
    only: str | None = None,
    period: str = "all",
    say: Say = _silent,
) -> list[SectionOutcome]:
    """Write every official table of a kit whose input exists to OUT/<section>/; says what was done."""
    sections, not_computed = read_kit(kit, lookups, period)
    if only is not None and only not in {s.name for s in sections} | set(not_computed):
        known = sorted([s.name for s in sections] + list(not_computed))
        raise ValueError(f"kit.toml has no section {only}; it has {', '.join(known)}")
    outcomes = []
    for name, reason in not_computed.items():
        if only in (None, name):
            outcomes.append(SectionOutcome(name, "", skipped={"all tables": reason}))
            say(f"{name}: skipped, {reason}")
    for section in sections:
        if only not in (None, section.name):
            continue
        say(f"{section.name}: computing with {section.run.method_id}")
        outcome = _compute(section.name, section.run, section.inputs, out / section.name, RETURNS, False)
        outcomes.append(outcome)
        for warning in outcome.warnings:
            say(f"{section.name}: warning: {warning}")
        for table, reason in outcome.skipped.items():
            say(f"{section.name}: skipped {table}: {reason}")
        say(f"{section.name}: {len(outcome.written)} tables in {out / section.name}")
    out.mkdir(parents=True, exist_ok=True)
    report = json.dumps([asdict(outcome) for outcome in outcomes], indent=2, sort_keys=True)
    (out / "conform.json").write_text(report + "\n", encoding="utf-8")
    return outcomes


def build(
    return_id: str,
    run: OfficialRun,
    inputs: StoreInputs,
    out: Path,
) -> SectionOutcome:
    """Write the official tables of one return from a store of submissions; says what was done."""
    if return_id not in RETURNS:
        raise ValueError(f"{return_id} is not computed from a store; these are: {', '.join(RETURNS)}")
    figures_of = None if return_id == "cld_main" else return_id
    return _compute(return_id, run, inputs, out, (return_id,), True, figures_of)


def build_by_index(return_id: str, run: OfficialRun, inputs: StoreInputs, out: Path) -> SectionOutcome:
    """Write a return again with people as the person index knows them, over a folder of official figures.

    index_effect.csv stands beside: every figure that differs, official and with the index.
    """
    if return_id == "cld_main":
        raise ValueError("cld_main has no figures that the person index could change")
    official = pl.read_csv(out / FIGURES, infer_schema=False)
    outcome = build(return_id, run, inputs, out)
    ours = pl.read_csv(out / FIGURES, infer_schema=False)
    values = ("numerator", "denominator", "outcome")
    both = official.select("cell_id", *(pl.col(v).alias(f"official_{v}") for v in values)).join(
        ours.select("cell_id", *(pl.col(v).alias(f"index_{v}") for v in values)),
        on="cell_id", how="full", coalesce=True,
    )  # fmt: skip
    alike = pl.all_horizontal(pl.col(f"official_{v}").eq_missing(pl.col(f"index_{v}")) for v in values)
    differing = both.filter(~alike).sort("cell_id")
    path = out / "index_effect.csv"
    path.unlink(missing_ok=True)
    write_csv(path, differing.columns, differing.iter_rows())
    outcome.written.append(path.name)
    outcome.findings.append(
        f"{differing.height} of {both.height} figures differ with the person index: {path}"
    )
    return outcome


def official_run(
    method_id: str,
    history_start: str,
    period_start: str,
    period_end: str,
    as_at: str,
    population_year: str | None = None,
) -> OfficialRun:
    """Return a run for a rolling year and the one revised beside it, hospital measures one quarter behind."""
    from datetime import date

    start, end = date.fromisoformat(period_start), date.fromisoformat(period_end)
    previous = quarter_before(start, end)
    return OfficialRun(
        method_id=method_id,
        history_start=date.fromisoformat(history_start),
        period_start=start,
        period_end=end,
        as_at=date.fromisoformat(as_at),
        periods=[("latest", start, end), ("previous", *previous)],
        hospital_periods=[("latest", *previous), ("previous", *quarter_before(*previous))],
        population_year=population_year or str(start.year),
    )
