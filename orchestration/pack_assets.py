"""The last steps of a return as Dagster assets: which packs may go out, and the packs."""

# Annotations are not postponed here: Dagster reads the type of `context` as it is written.

from collections.abc import Callable
from typing import Any

from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetExecutionContext,
    AssetsDefinition,
    MaterializeResult,
    MetadataValue,
    MultiPartitionsDefinition,
    RetryPolicy,
    asset,
)

from orchestration import road
from orchestration.asset_keys import NEEDED, VERDICTS, decisions_key, packs_key
from orchestration.metadata import figures_table, packs_table, stops_table
from orchestration.quality.gate import Decision
from orchestration.report_asset import Step
from orchestration.run_tags import asked_for, is_urgent

MAY_GO_OUT = "may_go_out"
PACKS_WITH_FIGURES = 12


def pack_assets(
    return_id: str,
    partitions: MultiPartitionsDefinition,
    run_of: Callable[[AssetExecutionContext], road.Run],
    step: Step,
    retries: RetryPolicy | None,
) -> list[AssetsDefinition]:
    """Return the two assets of a return: its decisions, and its packs."""
    key = decisions_key(return_id)

    @asset(
        key=key,
        deps=[VERDICTS],
        partitions_def=partitions,
        group_name="packs",
        required_resource_keys=NEEDED,
        retry_policy=retries,
        check_specs=[AssetCheckSpec(MAY_GO_OUT, asset=key, blocking=True)],
        description=f"Which packs of {return_id} may go out, and why the others may not.",
    )
    def decisions(context: AssetExecutionContext) -> MaterializeResult:
        run = run_of(context)
        with step(f"Deciding which packs of {return_id} may go out") as narrator:
            decided = road.decide_return(run, return_id)
            held = road.hold_packs(run, return_id, decided)
        narrator.packs += held
        some_go_out = 0 < len(held) < len(decided)
        _remind(context, return_id, decided)
        metadata: dict[str, Any] = {"stopped": len(held), "why": stops_table(decided)}
        return MaterializeResult(
            metadata=metadata
            | {"open": len(decided) - len(held), "asked for": asked_for(context.run.tags)}
            | {f"folder of {pack.submitter_id}": MetadataValue.path(pack.folder) for pack in held},
            check_results=[
                AssetCheckResult(
                    passed=not held,
                    check_name=MAY_GO_OUT,
                    severity=AssetCheckSeverity.WARN if some_go_out else AssetCheckSeverity.ERROR,
                    metadata=metadata,
                )
            ],
        )

    @asset(
        key=packs_key(return_id),
        deps=[key],
        partitions_def=partitions,
        group_name="packs",
        required_resource_keys=NEEDED,
        retry_policy=retries,
        description=f"The filled {return_id}, with its figures, verdicts, members and manifest.",
    )
    def packs(context: AssetExecutionContext) -> MaterializeResult:
        run = run_of(context)
        with step(f"Writing the packs of {return_id}") as narrator:
            written = road.pack_return(run, return_id)
        narrator.packs += written
        found: dict[str, Any] = {"packs": len(written), "what": packs_table(written)}
        found |= {
            f"figures of {pack.submitter_id}": figures_table(pack) for pack in written[:PACKS_WITH_FIGURES]
        }
        found |= {f"folder of {pack.submitter_id}": MetadataValue.path(pack.folder) for pack in written}
        return MaterializeResult(metadata=found)

    return [decisions, packs]


def _remind(context: AssetExecutionContext, return_id: str, decided: list[Decision]) -> None:
    """Say in the log of a scheduled run what still stops packs: louder when the window is about to close."""
    tell = context.log.error if is_urgent(context.run.tags) else context.log.warning
    why = asked_for(context.run.tags)
    for decision in decided:
        rules = ", ".join(sorted({reason.rule_id for reason in decision.reasons}))
        if not decision.is_open:
            tell(f"{why}. {return_id} of {decision.submitter_id} is stopped by {rules}")
