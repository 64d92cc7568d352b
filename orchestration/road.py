"""The steps of the road for one client and period, each a plain function over the lake.

Dagster's assets and the `returns` command call these and nothing else. A step reads what earlier steps left
in the lake and leaves its own result there, so that a run that was cut off can be made again from the start.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from orchestration.engine import open_engine
from orchestration.extracts.client_loads import load_all
from orchestration.extracts.landing import Landed, UnusableExtract, land
from orchestration.extracts.offered import manifest_of
from orchestration.extracts.profile import load_profile
from orchestration.extracts.receipts import LoadReceipt, loaded_files, read_receipts
from orchestration.extracts.unfinished import unfinished_in
from orchestration.identity.index import IndexSummary, build_person_index
from orchestration.one_run import RoadError as RoadError
from orchestration.one_run import Run as Run
from orchestration.one_run import run_for as run_for
from orchestration.quality.gate import Decision, decide
from orchestration.quality.verdicts import (
    Judgement,
    Verdict,
    judge,
    read_judgement,
    read_verdicts,
    store_judgement,
)
from orchestration.receipt_lines import receipt_lines
from orchestration.report.site import SiteResult, write_site
from orchestration.returns.calendar import periods_for
from orchestration.returns.definitions import (
    ReturnDefinition,
    load_definition,
    load_definitions,
    return_folders,
)
from orchestration.returns.own_records import SENDERS
from orchestration.returns.packs import PackResult, owed_packs, write_packs
from orchestration.returns.past import past_of
from orchestration.returns.sheets import write_sheets
from orchestration.settings import Client, Settings
from orchestration.warehouse import spark
from orchestration.warehouse.build import (
    RunParameters,
    WarehouseInputs,
    building,
    prepare_raw,
)
from orchestration.warehouse.needed import part_of_plan
from orchestration.warehouse.plan import Step, current_plan, run_plan


@dataclass(frozen=True)
class TakenIn:
    """What became of the extracts that were offered."""

    landed: tuple[Landed, ...]
    unusable: tuple[tuple[str, str], ...]
    not_ours: tuple[tuple[str, str], ...]


def land_extracts(run: Run) -> TakenIn:
    """Copy the client's extracts into the lake; those of other senders and unusable ones stay outside."""
    landed: list[Landed] = []
    unusable = unfinished_in(run.extracts) if run.offered is None else []
    not_ours: list[tuple[str, str]] = []
    for path in run.offered_extracts:
        manifest = manifest_of(path)
        if manifest and manifest.sender_id not in run.client.senders:
            not_ours.append((path.name, manifest.sender_id))
            continue
        try:
            landed.append(land(path, run.client.client_id, run.settings.lake))
        except UnusableExtract as refusal:
            unusable.append((path.name, str(refusal)))
    return TakenIn(tuple(landed), tuple(unusable), tuple(not_ours))


def load_landed(run: Run) -> list[LoadReceipt]:
    """Load every landed extract of the client and return all its receipts, by extract id."""
    client_id, lake = run.client.client_id, run.settings.lake
    receipts = load_all(client_id, lake, run.extracts)
    if not receipts:
        raise RoadError(
            f"nothing is loaded for client '{client_id}': no usable extract of its senders in {run.extracts}."
        )
    strangers = sorted({r.sender_id for r in receipts} - set(run.client.senders))
    if strangers:
        raise RoadError(
            f"the lake holds extracts of {', '.join(strangers)}, who are not, or no longer, senders of "
            "client "
            f"'{client_id}'. List them in {run.settings.clients_file}, or take their folders out of "
            f"{lake / 'landing' / client_id} and {lake / 'loaded' / client_id}."
        )
    return receipts


def link_people(run: Run) -> IndexSummary:
    """Find the people behind the loaded records and return the counts."""
    return build_person_index(
        run.client.client_id,
        run.settings.lake,
        synthetic=run.client.synthetic,
        key=run.settings.person_key(run.client),
        threads=run.settings.threads,
        memory_limit=run.settings.memory_limit,
    )


def warehouse_inputs(run: Run) -> WarehouseInputs:
    """Return everything the warehouse of a run is built from."""
    client_id, lake = run.client.client_id, run.settings.lake
    owed, submitters = run.returns, run.client.submitters
    as_at = run.day
    # What had no method yet on a day of the past was not asked then; a return named alone must have one.
    returns = [d for d in owed.values() if run.only or d.version_at(as_at)]
    class_files = loaded_files(client_id, lake)
    locations = class_files.get("care_provider", ())
    past = past_of(lake, client_id, returns, submitters, run.period, as_at, locations)
    return WarehouseInputs(
        profile=load_profile(),
        class_files=class_files,
        identity_folder=lake / "identity" / client_id,
        run=RunParameters(client_id, run.period, as_at, run.client.synthetic),
        periods=[periods_for(d, run.period, as_at) for d in returns],
        submitters=submitters,
        return_folders=return_folders(),
        receipts=list(receipt_lines(read_receipts(client_id, lake))),
        earlier_ids=past.earlier_ids,
        earlier_figures=past.earlier_figures,
        missed_windows=past.missed_windows,
    )


def plan_for(run: Run) -> tuple[Step, ...]:
    """Return the steps that build what a run reads: for its returns, and for the pages of a whole run."""
    return part_for(run.returns, with_pages=not run.only)


def part_for(returns: Mapping[str, ReturnDefinition], *, with_pages: bool) -> tuple[Step, ...]:
    """Return the steps that build the models of some returns, those they name, and those these read."""
    # Whatever the return, its judgement and its packs ask whose a record is.
    named = {SENDERS.rpartition(".")[2]} | {
        model
        for definition in returns.values()
        for model in (
            *(name for rule in definition.rules for name in (rule.model, rule.population)),
            *(file.model for file in definition.layout),
        )
    }
    return part_of_plan(current_plan(), returns.keys(), named, with_pages=with_pages)


def build_warehouse(run: Run) -> None:
    """Build the warehouse of a run from what the lake holds, and put it in the place of the old one."""
    with building(run.warehouse_file, on_the_earlier=not spark.is_chosen()) as file:
        prepare_raw(file, warehouse_inputs(run))
        settings = run.settings
        for _ in run_plan(plan_for(run), file, settings.memory_limit, settings.threads):
            pass


@contextmanager
def reading(run: Run) -> Iterator[None]:
    """Keep the built warehouse open while its readers come and go: opening it costs more than they read."""
    with open_engine(run.warehouse_file, read_only=True):
        yield


def judge_warehouse(run: Run) -> Judgement:
    """Judge the built warehouse, keep the verdicts in it, and return them."""
    file = run.built_file
    judgement = judge(file)
    store_judgement(file, judgement)
    return judgement


def decide_return(run: Run, return_id: str) -> list[Decision]:
    """Return, per submitter, whether the pack of one return may go out."""
    file = run.built_file
    return _decisions(file, read_verdicts(file), {return_id})


def hold_packs(run: Run, return_id: str, decisions: Sequence[Decision]) -> list[PackResult]:
    """Say beside the packs of a return which ones were decided not to go out, and why; return those."""
    file = run.built_file
    held = [d for d in decisions if not d.is_open]
    return _write(run, file, _definition(return_id), read_judgement(file, return_id), held, decisions)


def pack_return(run: Run, return_id: str) -> list[PackResult]:
    """Write the packs of a return that may go out and return what became of each."""
    file = run.built_file
    judgement = read_judgement(file, return_id)
    decisions = _decisions(file, judgement.verdicts, {return_id})
    open_ones = [d for d in decisions if d.is_open]
    return _write(run, file, _definition(return_id), judgement, open_ones, decisions)


def write_report(settings: Settings, client: Client, disclosure: str | None = None) -> SiteResult:
    """Write the pages of a client's last run, by its own disclosure profile or another, and return where."""
    profile = disclosure or client.disclosure
    return write_site(settings.lake, client.client_id, client.name, load_definitions(), profile)


def report_on(run: Run) -> SiteResult | None:
    """Write the pages of a run and return where; None where those of a newer period stay as they are."""
    return None if run.is_of_the_past else write_report(run.settings, run.client)


def fill(run: Run, returns: Collection[str] | None = None) -> list[PackResult]:
    """Build, judge and pack a run, and make the pages anew where they are of it; return the packs.

    With `returns`, the packs of these returns alone.
    """
    build_warehouse(run)
    judgement = judge_warehouse(run)
    with reading(run):
        packs = settle_packs(run, judgement, returns)
        if not run.only:
            report_on(run)
    return packs


def settle_packs(run: Run, judgement: Judgement, returns: Collection[str] | None = None) -> list[PackResult]:
    """Decide on every pack the run owes, write those that may go out and say beside the others why not.

    With `returns`, those of these returns alone.
    """
    definitions = {r: d for r, d in load_definitions().items() if returns is None or r in returns}
    file = run.built_file
    decisions = _decisions(file, judgement.verdicts, definitions)
    return _write(run, file, definitions, judgement, decisions, decisions)


def _definition(return_id: str) -> dict[str, ReturnDefinition]:
    return {return_id: load_definition(return_folders()[return_id])}


def _decisions(file: Path, verdicts: Sequence[Verdict], returns: Collection[str]) -> list[Decision]:
    return decide(verdicts, [pair for pair in owed_packs(file) if pair[0] in returns])


def _write(
    run: Run,
    file: Path,
    definitions: Mapping[str, ReturnDefinition],
    judgement: Judgement,
    chosen: Sequence[Decision],
    decisions: Sequence[Decision],
) -> list[PackResult]:
    """Write the packs of the decisions chosen, and the sheets by all decisions of their returns."""
    client_id, lake = run.client.client_id, run.settings.lake
    packs = write_packs(file, definitions, judgement, chosen, client_id, lake)
    for definition in definitions.values():
        write_sheets(file, definition, decisions, client_id, lake)
    return packs
