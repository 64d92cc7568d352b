"""Where the submissions of a computation come from: a store, one submitted file, or the lake."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from orchestration.settings import Client, Settings
from orchestration.warehouse.cld_submissions import (
    is_submitted_file,
    people_of_index,
    read_landed_submissions,
    read_submitted_file,
    write_store,
)
from orchestration.warehouse.table_files import StoreError


@contextmanager
def open_submissions(
    given: Path | None,
    settings: Settings | None,
    client: Client | None,
    lookups: Path,
    as_at: date | None,
    *,
    by_index: bool = False,
) -> Iterator[Path]:
    """Yield a store: the one given, or one made of a submitted file or of the client's landed files.

    `by_index` tells people of the lake apart by the person index. A store that is made is gone with the
    block. Raises StoreError when there is nothing to make it of.
    """
    if given is not None and not (given.is_file() and is_submitted_file(given)):
        if not given.exists():
            raise StoreError(f"{given} is not there")
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="returns-") as folder:
        target = Path(folder) / "store.parquet"
        if given is not None:
            if as_at is None:
                raise StoreError(
                    f"{given.name} does not say when it was submitted; give the day with --as-at"
                )
            # The file is its own secret: who cannot read it cannot make its pseudonyms.
            secret = hashlib.sha256(given.read_bytes()).digest()
            yield write_store(read_submitted_file(given, as_at), lookups, secret, target)
            return
        assert settings is not None and client is not None
        rows = read_landed_submissions(client.client_id, settings.lake)
        people = people_of_index(client.client_id, settings.lake) if by_index else None
        yield write_store(rows, lookups, settings.person_key(client).encode(), target, people)
