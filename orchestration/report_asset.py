"""The pages as a Dagster asset: the last step of the road, made whether or not every return may go out."""

# Annotations are not postponed here: Dagster reads the type of `context` as it is written.

from collections.abc import Callable

from dagster import (
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    MaterializeResult,
    MultiPartitionsDefinition,
    asset,
)

from orchestration import road
from orchestration.narrator import Narrator

VERDICTS = AssetKey("verdicts")
REPORT_SITE = AssetKey("report_site")


def report_asset(
    narrator: Narrator,
    partitions: MultiPartitionsDefinition,
    run_of: Callable[[AssetExecutionContext], road.Run],
) -> AssetsDefinition:
    """Return the asset of the pages.

    They tell of blocked returns too, so the asset may not wait for packs, which a closed gate keeps from
    being written. The one process of the road takes the step of the lowest priority last, after the packs.
    """

    @asset(
        key=REPORT_SITE,
        deps=[VERDICTS],
        partitions_def=partitions,
        group_name="report",
        required_resource_keys={"choices", "client_lock"},
        op_tags={"dagster/priority": "-100"},
        description="The pages commissioners read, blocked returns included.",
    )
    def report_site(context: AssetExecutionContext) -> MaterializeResult:
        run = run_of(context)
        with narrator.step("Writing the pages"):
            site = road.write_report(run.settings, run.client)
        narrator.site = site
        return MaterializeResult(
            metadata={
                "pages": site.pages,
                "ready": site.ready,
                "blocked": site.blocked,
                "index": str(site.index),
            }
        )

    return report_site
