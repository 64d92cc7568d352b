"""What the steps of a run share: its choices, and the lock that keeps two runs of one client apart."""

# Annotations are not postponed here: Dagster reads the type of `context` as it is written.

from collections.abc import Iterator
from contextlib import ExitStack

from dagster import ConfigurableResource, InitResourceContext, ResourceDefinition, resource

from orchestration.client_lock import client_lock
from orchestration.narrator import Narrator
from orchestration.partitions import CLIENT
from orchestration.settings import Settings


class RunChoices(ConfigurableResource):
    """What a run may choose.

    The folder extracts are taken from, the day the figures stand for, and the returns it is about alone
    (`only`): then exactly the steps that lead to their packs are chosen with it.
    """

    extracts: str = ""
    as_at: str = ""
    only: list[str] = []  # noqa: RUF012 - a field of the configuration, copied for each run


def lock_of_the_client(settings: Settings, narrator: Narrator) -> ResourceDefinition:
    """Return the resource that holds the client's lock from the first step of a run to its last."""

    @resource(description="Keeps two runs of one client apart.")
    def held(context: InitResourceContext) -> Iterator[None]:
        client_id = context.run.tags[f"dagster/partition/{CLIENT}"] if context.run else "none"
        with ExitStack() as stack:
            with narrator.step("Waiting for the lock of the client"):
                stack.enter_context(client_lock(settings.lake, client_id, narrator.found))
            yield None

    return held
