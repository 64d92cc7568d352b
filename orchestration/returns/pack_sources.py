"""What a pack is made of, as one text: where it is that of the newest pack, the same would be written again.

Nothing needs to be built to know that. As in `same_pack`, the extracts behind the records are left out, and
how many rows each rule looked at; everything else a pack says follows from what is named here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from functools import cached_property
from typing import Any

import duckdb
import polars as pl

from orchestration.engine import CONTENT
from orchestration.quality.relations import Relation
from orchestration.quality.verdicts import Judgement
from orchestration.returns.definitions import ReturnDefinition
from orchestration.returns.layouts import Filling
from orchestration.software import software_sha256

State = tuple[Any, ...]


class PackSources:
    """What the packs of one run are made of; each table and finding is read once for all submitters."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, known: Mapping[str, Relation], judgement: Judgement
    ) -> None:
        self._connection = connection
        self._known = known
        self._judgement = judgement
        self._states: dict[str, dict[str | None, State]] = {}

    def of(self, definition: ReturnDefinition, filling: Filling) -> str:
        """Return what the pack of one return and submitter is made of."""
        return_id, submitter_id = definition.return_id, filling.submitter.submitter_id
        told: dict[str, Any] = {
            "software": software_sha256(),
            "definition": definition.sha256,
            "run": asdict(filling.run),
            "period": asdict(filling.period),
            "submitter": asdict(filling.submitter),
            "others": sorted(filling.own.others),
            "tables": {name: self._state(name, submitter_id) for name in self._tables(definition)},
            "verdicts": [self._verdicts.get((return_id, whose)) for whose in (None, submitter_id)],
            "failing": [self._failing.get((return_id, whose)) for whose in (None, submitter_id)],
        }
        return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()

    def _tables(self, definition: ReturnDefinition) -> list[str]:
        members = f"mbr_{definition.return_id}__"
        read = {file.model for file in definition.layout} | {f"ret_{definition.return_id}__figure"}
        return sorted(
            name
            for name, relation in self._known.items()
            if name in read or (name.startswith(members) and not relation.is_view)
        )

    def _state(self, name: str, submitter_id: str) -> State:
        relation = self._known[name]
        if name not in self._states:
            rows = self._connection.execute(
                f"select submitter_id::varchar, {CONTENT} from {relation.sql} as held group by 1"
            ).fetchall()
            self._states[name] = {row[0]: row[1:] for row in rows}
        return (*relation.columns.items(), *self._states[name].get(submitter_id, ()))

    @cached_property
    def _verdicts(self) -> dict[tuple[str, str | None], State]:
        return self._found("verdicts", self._judgement.verdict_table.drop("checked"))

    @cached_property
    def _failing(self) -> dict[tuple[str, str | None], State]:
        return self._found("failing", self._judgement.failing_rows)

    def _found(self, name: str, frame: pl.DataFrame) -> dict[tuple[str, str | None], State]:
        self._connection.register(f"found_{name}", frame)
        rows = self._connection.execute(
            f"select return_id, submitter_id, {CONTENT} from found_{name} as held group by 1, 2"
        ).fetchall()
        self._connection.unregister(f"found_{name}")
        return {(row[0], row[1]): row[2:] for row in rows}
