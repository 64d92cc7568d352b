"""The pages as a Dagster asset: the last step of the road, made whether or not every return may go out."""

# Annotations are not postponed here: Dagster reads the type of `context` as it is written.

from collections.abc import Callable
from contextlib import AbstractContextManager

from dagster import (
    AssetExecutionContext,
    AssetsDefinition,
    MaterializeResult,
    MetadataValue,
    MultiPartitionsDefinition,
    RetryPolicy,
    asset,
)

from orchestration import road
from orchestration.asset_keys import NEEDED, REPORT_SITE, VERDICTS
from orchestration.narrator import Narrator

Step = Callable[[str], AbstractContextManager[Narrator]]


def report_asset(
    partitions: MultiPartitionsDefinition,
    run_of: Callable[[AssetExecutionContext], road.Run],
    step: Step,
    retries: RetryPolicy | None,
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
        required_resource_keys=NEEDED,
        retry_policy=retries,
        op_tags={"dagster/priority": "-100"},
        description="The pages commissioners read, blocked returns included.",
    )
    def report_site(context: AssetExecutionContext) -> MaterializeResult:
        run = run_of(context)
        with step("Writing the pages") as narrator:
            site = road.report_on(run)
        if site is None:
            told = f"The pages and the client's warehouse stay those of {run.current_period}, a newer period"
            narrator.found(told)
            return MaterializeResult(metadata={"pages": told})
        narrator.site = site
        return MaterializeResult(
            metadata={
                "pages": site.pages,
                "ready": site.ready,
                "blocked": site.blocked,
                "index": MetadataValue.path(site.index),
                "open": MetadataValue.url(site.index.resolve().as_uri()),
            }
        )

    return report_site
