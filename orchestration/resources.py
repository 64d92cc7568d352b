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


class LockOfClient:
    """A client's lock, taken by the first step that asks and held until the run ends."""

    def __init__(self, settings: Settings, client_id: str, narrator: Narrator, held_until: ExitStack) -> None:
        self._settings, self._client_id, self._narrator = settings, client_id, narrator
        self._held_until = held_until
        self._is_held = False

    def hold(self) -> None:
        """Take the lock unless this run has it. Raises ClientBusy; a step, unlike a resource, is retried."""
        if not self._is_held:
            with self._narrator.step("Waiting for the lock of the client"):
                lock = client_lock(self._settings.lake, self._client_id, self._narrator.found)
                self._held_until.enter_context(lock)
            self._is_held = True


def lock_of_the_client(settings: Settings, narrator: Narrator) -> ResourceDefinition:
    """Return the resource that can hold the client's lock from the first step of a run to its last."""

    @resource(description="Keeps two runs of one client apart.")
    def held(context: InitResourceContext) -> Iterator[LockOfClient]:
        client_id = context.run.tags[f"dagster/partition/{CLIENT}"] if context.run else "none"
        with ExitStack() as stack:
            yield LockOfClient(settings, client_id, narrator, stack)

    return held
