"""What a run left in the lake, read for the pages: whose run, who sent what, how far each return is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from orchestration.engine import open_engine
from orchestration.extracts.receipts import ENGLAND, read_receipts
from orchestration.quality.concern import Concerning
from orchestration.quality.gate import Decision, decide
from orchestration.quality.verdicts import Verdict, read_verdicts
from orchestration.returns.definitions import ReturnDefinition
from orchestration.returns.packs import owed_packs


class NothingToReport(RuntimeError):
    """The lake holds no finished run of the client; the message says what to do first."""


@dataclass(frozen=True)
class Sender:
    """Who sent records."""

    sender_id: str
    name: str
    kind: str
    system: str
    as_at: date


@dataclass(frozen=True)
class Fault:
    """Rows of one class of one sender that break one rule."""

    return_id: str
    rule_id: str
    submitter_id: str
    sender_id: str
    record_class: str
    rows: int


@dataclass(frozen=True)
class Period:
    """The period of a return and the days between which it may be handed in."""

    label: str
    start: date
    end: date
    opens: date | None
    closes: date | None
    method_version: str


@dataclass(frozen=True)
class OwedReturn:
    """One return one submitter owes: whether it may go out, and what was found about it."""

    definition: ReturnDefinition
    period: Period
    submitter_id: str
    submitter_name: str
    decision: Decision
    verdicts: tuple[Verdict, ...]
    faults: tuple[Fault, ...]
    senders: tuple[str, ...]
    earlier_ids: tuple[str, ...] = ()

    @property
    def is_ready(self) -> bool:
        """True when nothing stops it."""
        return self.decision.is_open


@dataclass(frozen=True)
class RunFacts:
    """One finished run of one client."""

    client_id: str
    client_name: str
    reporting_period: str
    as_at: date
    is_synthetic: bool
    senders: Mapping[str, Sender]
    owed: tuple[OwedReturn, ...]
    verdicts: tuple[Verdict, ...]
    faults: tuple[Fault, ...]
    classes: Mapping[tuple[str, str], tuple[int, int, int]]
    files: Mapping[tuple[str, str], tuple[str, ...]]

    @property
    def record_senders(self) -> list[Sender]:
        """Those who sent records of people, by name; trace answers are no records."""
        return sorted((s for s in self.senders.values() if s.kind != "trace"), key=lambda s: s.name)

    def name_of(self, sender_id: str) -> str:
        """Return the name of a sender, or the id of one who sent no manifest."""
        return self.senders[sender_id].name if sender_id in self.senders else sender_id


def warehouse_file(lake: Path, client_id: str) -> Path:
    """Return the warehouse of a client. Raises NothingToReport when there is none."""
    file = lake / "warehouse" / f"{client_id}.duckdb"
    if not file.is_file():
        raise NothingToReport(
            f"there is no finished run of client '{client_id}' in {lake}: make one first with `returns run`."
        )
    return file


def read_facts(
    lake: Path, client_id: str, client_name: str, definitions: Mapping[str, ReturnDefinition]
) -> RunFacts:
    """Return what the last run of a client left. Raises NothingToReport or NotJudged when it did not end."""
    file = warehouse_file(lake, client_id)
    verdicts = read_verdicts(file)
    decisions = decide(verdicts, owed_packs(file))
    senders = _senders(client_id, lake)
    with open_engine(file, read_only=True) as connection:
        run = _one(connection, "select reporting_period, as_at_date, is_synthetic from raw.run_parameters")
        periods = _periods(connection)
        names = dict(connection.execute("select submitter_id, name from raw.client_submitter").fetchall())
        faults = _faults(connection)
        feeding = _feeding(connection)
        earlier = _earlier_ids(connection)
        classes = {
            (sender, record_class): (received, loaded, set_aside)
            for sender, record_class, received, loaded, set_aside in connection.execute(
                'select sender_id, "class", sum(received)::bigint, sum(loaded)::bigint, '
                "sum(quarantined)::bigint "
                "from raw.extract_receipt group by 1, 2 order by 1, 2"
            ).fetchall()
        }
        files = {
            (sender, record_class): tuple(names_sent)
            for sender, record_class, names_sent in connection.execute(
                'select sender_id, "class", list_sort(list_distinct(list(file))) '
                "from raw.extract_receipt group by 1, 2 order by 1, 2"
            ).fetchall()
        }
    told, found = Concerning(verdicts), Concerning(faults)
    owed = [
        _owed(
            definitions[d.return_id],
            d,
            periods,
            names,
            told.submitter(d.return_id, d.submitter_id),
            found.submitter(d.return_id, d.submitter_id),
            feeding,
            earlier,
        )
        for d in decisions
        if d.return_id in definitions
    ]
    return RunFacts(
        client_id=client_id,
        client_name=client_name,
        reporting_period=run[0],
        as_at=run[1],
        is_synthetic=run[2],
        senders=senders,
        owed=tuple(sorted(owed, key=lambda o: (o.is_ready, o.definition.title, o.submitter_name))),
        verdicts=verdicts,
        faults=faults,
        classes=classes,
        files=files,
    )


def _one(connection: duckdb.DuckDBPyConnection, sql: str) -> tuple[Any, ...]:
    row = connection.execute(sql).fetchone()
    if row is None:
        raise NothingToReport("the warehouse holds no run: make one first with `returns run`.")
    return row


def _owed(
    definition: ReturnDefinition,
    decision: Decision,
    periods: Mapping[str, Period],
    names: Mapping[str, str],
    verdicts: Sequence[Verdict],
    faults: Sequence[Fault],
    feeding: Mapping[str, tuple[str, ...]],
    earlier: Mapping[str, tuple[str, ...]],
) -> OwedReturn:
    return_id, submitter_id = decision.return_id, decision.submitter_id
    return OwedReturn(
        definition=definition,
        period=periods[return_id],
        submitter_id=submitter_id,
        submitter_name=names.get(submitter_id) or submitter_id,
        decision=decision,
        verdicts=tuple(verdicts),
        faults=tuple(faults),
        senders=feeding.get(submitter_id, ()),
        earlier_ids=earlier.get(submitter_id, ()),
    )


def _periods(connection: duckdb.DuckDBPyConnection) -> dict[str, Period]:
    rows = connection.execute(
        "select return_id, period_label, period_start, period_end, window_opens, window_closes, "
        "method_version from raw.run_return"
    ).fetchall()
    return {row[0]: Period(*row[1:]) for row in rows}


def _senders(client_id: str, lake: Path) -> dict[str, Sender]:
    """Who sent something; of several extracts of one sender the newest says who it is."""
    found: dict[str, Sender] = {}
    for receipt in sorted(read_receipts(client_id, lake), key=lambda r: (r.as_at, r.extract_id)):
        sender, system = receipt.manifest["sender"], receipt.manifest.get("supplier_system") or {}
        found[receipt.sender_id] = Sender(
            sender_id=receipt.sender_id,
            name=sender["name"] or receipt.sender_id,
            kind=receipt.sender_kind,
            system=" ".join(filter(None, (system.get("name"), system.get("version")))),
            as_at=datetime.fromisoformat(receipt.as_at).astimezone(ENGLAND).date(),
        )
    return found


def _faults(connection: duckdb.DuckDBPyConnection) -> tuple[Fault, ...]:
    """Who sent the rows that break a rule, told from the record keys, which go no further than this."""
    rows = connection.execute(
        "select return_id, rule_id, coalesce(submitter_id, ''), "
        "coalesce(split_part(record_key, ':', 1), ''), coalesce(split_part(record_key, ':', 2), ''), "
        "count(*) "
        "from quality.failing_row group by all order by all"
    ).fetchall()
    senders = {row[0] for row in connection.execute("select sender_id from raw.extract_receipt").fetchall()}
    return tuple(Fault(*r) for r in rows if r[3] in senders)


def _earlier_ids(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, ...]]:
    """The ids each location had before a change of owner, the newest first."""
    found: dict[str, tuple[str, ...]] = {}
    for location, earlier in connection.execute(
        "select location_id, earlier_location_id from raw.earlier_location_id "
        "order by location_id, steps_back"
    ).fetchall():
        found[location] = (*found.get(location, ()), earlier)
    return found


def _feeding(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, ...]]:
    """The senders whose records a submitter's figures stand on."""
    rows = connection.execute(
        "select distinct submitter_id, sender_id from core.core__council_sender "
        "where submitter_id is not null "
        "union select distinct location_id, sender_id from core.core__location "
        "union select distinct location_id, sender_id from core.core__service_episode "
        "where location_id is not null order by all"
    ).fetchall()
    found: dict[str, list[str]] = {}
    for submitter, sender in rows:
        found.setdefault(submitter, []).append(sender)
    return {submitter: tuple(senders) for submitter, senders in found.items()}
