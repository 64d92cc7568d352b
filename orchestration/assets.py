"""The steps of the road as Dagster assets: each calls its plain function and tells what it found."""

# Annotations are not postponed here: Dagster reads the type of `context` as it is written.

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from dagster import (
    AssetCheckResult,
    AssetCheckSpec,
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    Failure,
    MaterializeResult,
    MultiPartitionKey,
    MultiPartitionsDefinition,
    RetryPolicy,
    asset,
)
from dagster_dbt import dbt_assets

from orchestration import road
from orchestration.asset_keys import LANDED_EXTRACTS, NEEDED, VERDICTS, decisions_key, packs_key
from orchestration.extracts.masking import shown
from orchestration.extracts.offered import place_at
from orchestration.metadata import rows_by_sender
from orchestration.narrator import Narrator
from orchestration.pack_assets import pack_assets
from orchestration.partitions import CLIENT, PERIOD, client_periods
from orchestration.report_asset import report_asset
from orchestration.retrying import RETRIES, retried_only_when_it_may_pass
from orchestration.returns.definitions import load_definitions, return_folders
from orchestration.settings import Settings
from orchestration.warehouse import dbt as warehouse_dbt
from orchestration.warehouse import spark
from orchestration.warehouse.build import building, prepare_raw
from orchestration.warehouse.plan import OFFICIAL_METHODS

ROWS_ADD_UP = "received_is_loaded_plus_quarantined"


@dataclass(frozen=True)
class RoadAssets:
    """Makes the assets of the road for one set of settings; what they find goes to the narrator."""

    settings: Settings
    narrator: Narrator
    unattended: bool = False

    @property
    def _retries(self) -> RetryPolicy | None:
        return RETRIES if self.unattended else None

    @contextmanager
    def _step(self, what: str) -> Iterator[Narrator]:
        """Tell that a step has started; what may not be retried ends it for good."""
        with retried_only_when_it_may_pass() if self.unattended else nullcontext(), self.narrator.step(what):
            yield self.narrator

    @property
    def partitions(self) -> MultiPartitionsDefinition:
        """Each client in each reporting period."""
        return client_periods(self.settings.clients)

    @cached_property
    def building(self) -> warehouse_dbt.Building:
        """The models of the dbt project and the assets they are known as."""
        return warehouse_dbt.Building(warehouse_dbt.project())

    def steps_to_packs(self, return_id: str) -> set[AssetKey]:
        """Return the steps that lead to the packs of one return; the pages are not among them."""
        plan = road.part_for({return_id: load_definitions()[return_id]}, with_pages=False)
        to_the_index = {LANDED_EXTRACTS, warehouse_dbt.LOADED_EXTRACTS, warehouse_dbt.PERSON_INDEX}
        to_the_packs = {VERDICTS, decisions_key(return_id), packs_key(return_id)}
        return to_the_index | self.building.models(plan) | to_the_packs

    def all(self) -> list[AssetsDefinition]:
        """Return every asset; returns are taken from their folders, so that a new one needs no Python."""
        warehouse = self._warehouse()
        made = [self._landed(), self._loaded(), self._people(), warehouse, self._verdicts(warehouse.keys)]
        for return_id in return_folders():
            made += pack_assets(return_id, self.partitions, self._run, self._step, self._retries)
        return [*made, report_asset(self.partitions, self._run, self._step, self._retries)]

    def _run(self, context: AssetExecutionContext) -> road.Run:
        key = context.partition_key
        if not isinstance(key, MultiPartitionKey):
            raise Failure("choose a partition: a client and a reporting period", allow_retries=False)
        with retried_only_when_it_may_pass() if self.unattended else nullcontext():
            context.resources.client_lock.hold()
        chosen = context.resources.choices
        parts = key.keys_by_dimension
        client = self.settings.client(parts[CLIENT])
        return road.Run(
            settings=self.settings,
            client=client,
            period=parts[PERIOD],
            extracts=place_at(chosen.extracts) if chosen.extracts else self.settings.place_of(client),
            as_at=date.fromisoformat(chosen.as_at) if chosen.as_at else None,
            only=tuple(chosen.only),
        )

    def _landed(self) -> AssetsDefinition:
        @asset(
            key=LANDED_EXTRACTS,
            partitions_def=self.partitions,
            group_name="extracts",
            required_resource_keys=NEEDED,
            retry_policy=self._retries,
            description="One immutable copy of every extract of the client's senders.",
        )
        def landed_extracts(context: AssetExecutionContext) -> MaterializeResult:
            run = self._run(context)
            with self._step("Taking extracts in"):
                taken = road.land_extracts(run)
            self.narrator.taken_in = taken
            new = sum(not landed.already for landed in taken.landed)
            self.narrator.found(f"Extracts: {len(taken.landed)} taken in, {new} of them new")
            # Senders put into names of extracts what they like.
            unusable = [f"{shown(name)}: {why}" for name, why in taken.unusable]
            for name, sender in taken.not_ours:
                self.narrator.found(f"  {shown(name)} was left: {sender} is no sender of this client")
            for name, why in taken.unusable:
                self.narrator.found(f"  {shown(name)} was left. {why}")
            return MaterializeResult(
                metadata={
                    "extracts": len(taken.landed),
                    "new": new,
                    "of other senders": len(taken.not_ours),
                    "unusable": unusable,
                }
            )

        return landed_extracts

    def _loaded(self) -> AssetsDefinition:
        @asset(
            key=warehouse_dbt.LOADED_EXTRACTS,
            deps=[LANDED_EXTRACTS],
            partitions_def=self.partitions,
            group_name="extracts",
            required_resource_keys=NEEDED,
            retry_policy=self._retries,
            check_specs=[AssetCheckSpec(ROWS_ADD_UP, asset=warehouse_dbt.LOADED_EXTRACTS, blocking=True)],
            description="Typed rows of every extract; rows that break the contract are set aside, with why.",
        )
        def loaded_extracts(context: AssetExecutionContext) -> MaterializeResult:
            run = self._run(context)
            with self._step("Judging and loading rows"):
                receipts = road.load_landed(run)
            self.narrator.receipts = receipts
            rows = {
                "received": sum(r.received for r in receipts),
                "loaded": sum(r.loaded for r in receipts),
                "quarantined": sum(r.quarantined for r in receipts),
            }
            self.narrator.found(
                f"Rows: {rows['received']:,} received, {rows['loaded']:,} loaded, "
                f"{rows['quarantined']:,} quarantined"
            )
            adds_up = all(f.received == f.loaded + f.quarantined for r in receipts for f in r.files)
            return MaterializeResult(
                metadata=rows | {"extracts": len(receipts), "by sender": rows_by_sender(receipts)},
                check_results=[AssetCheckResult(passed=adds_up, check_name=ROWS_ADD_UP, metadata=rows)],
            )

        return loaded_extracts

    def _people(self) -> AssetsDefinition:
        @asset(
            key=warehouse_dbt.PERSON_INDEX,
            deps=[warehouse_dbt.LOADED_EXTRACTS],
            partitions_def=self.partitions,
            group_name="identity",
            required_resource_keys=NEEDED,
            retry_policy=self._retries,
            description="The one person behind many records, with the rule and evidence of every link.",
        )
        def person_index(context: AssetExecutionContext) -> MaterializeResult:
            run = self._run(context)
            with self._step("Finding the people behind the records"):
                summary = road.link_people(run)
            self.narrator.people = summary
            self.narrator.found(f"People: {summary.people:,} behind {summary.records:,} person records")
            self.narrator.found(f"Index: {summary.growth}")
            return MaterializeResult(metadata=summary.told)

        return person_index

    def _warehouse(self) -> AssetsDefinition:
        project = warehouse_dbt.project()
        building_of = self.building

        @dbt_assets(
            name="warehouse",
            manifest=building_of.manifest,
            exclude=OFFICIAL_METHODS,
            project=project,
            dagster_dbt_translator=building_of.translator,
            partitions_def=self.partitions,
            required_resource_keys=NEEDED,
            retry_policy=self._retries,
        )
        def warehouse(context: AssetExecutionContext) -> Iterator[Any]:
            run = self._run(context)
            plan = road.plan_for(run) if run.only else building_of.plan
            if building_of.models(plan) != context.selected_asset_keys:
                raise Failure(
                    "the warehouse is built whole, or for some returns alone: choose all models and their "
                    "checks, or name the returns in the choice `only` and choose the steps they need",
                    allow_retries=False,
                )
            built = kept = 0
            on_the_earlier = not spark.is_chosen()
            with (
                self._step("Building the warehouse"),
                building(run.warehouse_file, on_the_earlier=on_the_earlier) as file,
            ):
                prepare_raw(file, road.warehouse_inputs(run))
                for event in building_of.events(
                    plan, file, self.settings.memory_limit, self.settings.threads
                ):
                    built += 1
                    kept += warehouse_dbt.was_kept(event)
                    if built % 20 == 0:
                        self.narrator.doing(f"Building the warehouse: {built} models and tests done")
                    yield event
            as_before = f", {kept} of them as they were" if kept else ""
            self.narrator.found(f"Warehouse: {built} models and tests{as_before}")

        return warehouse

    def _verdicts(self, models: Iterable[AssetKey]) -> AssetsDefinition:
        @asset(
            key=VERDICTS,
            deps=sorted(models),
            partitions_def=self.partitions,
            group_name="quality",
            required_resource_keys=NEEDED,
            retry_policy=self._retries,
            description="What each rule found in the records and figures behind the returns.",
        )
        def verdicts(context: AssetExecutionContext) -> MaterializeResult:
            run = self._run(context)
            with self._step("Judging records and figures"):
                judgement = road.judge_warehouse(run)
            outcomes: dict[str, int] = {}
            for verdict in judgement.verdicts:
                outcomes[verdict.outcome] = outcomes.get(verdict.outcome, 0) + 1
            told = ", ".join(f"{n} {name.replace('_', ' ')}" for name, n in sorted(outcomes.items()))
            self.narrator.found(f"Verdicts: {told}")
            return MaterializeResult(metadata=outcomes | {"failing rows": judgement.failing_rows.height})

        return verdicts
