"""The submissions a preview stands on, and the councils of a client."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from orchestration.conformance.submissions import open_submissions
from orchestration.engine import open_engine
from orchestration.settings import Client, Settings, SettingsError
from orchestration.warehouse.table_files import StoreError, reader


def councils_of(client: Client) -> list[str]:
    """Return the LA codes of a client's councils. Raises SettingsError when it has none."""
    codes = [s.code for s in client.submitters if s.kind == "council"]
    if not codes:
        raise SettingsError(
            [f"client '{client.client_id}' has no council; the measures of a preview are those of councils."]
        )
    return codes


@contextmanager
def submissions_of(
    settings: Settings, client: Client, given: Path | None, lookups: Path, as_at: date | None
) -> Iterator[tuple[Path, date]]:
    """Yield a store of submissions and the day of the newest one in it.

    Raises StoreError when there is none, or none up to the as-at day.
    """
    with open_submissions(given, settings, client, lookups, as_at) as store:
        with open_engine() as connection:
            newest = connection.execute(
                f"select max(try_cast(ImportDate as timestamp))::date from {reader(store)}"
            ).fetchone()
        if newest is None or newest[0] is None:
            raise StoreError(f"{store.name} holds no submission with an ImportDate")
        yield store, newest[0]
