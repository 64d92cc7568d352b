"""Verdicts of the contract with the senders: nothing lost between receipt and warehouse, quarantine told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import duckdb
import polars as pl

from orchestration.quality.relations import quoted
from orchestration.quality.verdicts import (
    ERROR,
    FIRST_KEYS,
    Verdict,
    failing_frame,
    outcome_of,
)


@dataclass(frozen=True)
class _Check:
    rule_id: str
    source: str
    severity: str
    message: str
    next_step: str


RECONCILE = _Check(
    "contract.received_is_loaded_plus_quarantined",
    "reconciliation",
    "error",
    "Every row received must be loaded or quarantined; in these files the counts do not add up.",
    "Load the extract again; if the counts still differ, report it with the extract id.",
)
PRESENT = _Check(
    "contract.loaded_rows_reach_the_warehouse",
    "reconciliation",
    "error",
    "Every row loaded from an extract must be in the warehouse; for these the counts differ.",
    "Build the warehouse again; if the counts still differ, report it with the extract id.",
)
HEARD = _Check(
    "contract.submitter_was_heard",
    "reconciliation",
    "error",
    "Nothing was received from this {kind}, so nothing can be said.",
    "Ask for an extract with the Care provider record of the location, or the council's own records; or take "
    "the submitter out of the clients file.",
)
QUARANTINED = _Check(
    "contract.rows_quarantined",
    "contract",
    "warning",
    "Rows that break the extract contract were set aside and are in no figure.",
    "Ask the sender to correct the rows listed in the quarantine and to send them again.",
)


def judge_receipts(connection: duckdb.DuckDBPyConnection) -> tuple[list[Verdict], pl.DataFrame]:
    """Return what the receipts say, for every return of the run: what a sender lost, every return lost."""
    return_ids = [
        r for (r,) in connection.execute("select return_id from raw.run_return order by 1").fetchall()
    ]
    receipts = connection.execute(
        "select extract_id, sender_id, class, file, coalesce(received, 0), coalesce(loaded, 0), "
        "coalesce(quarantined, 0) from raw.extract_receipt order by extract_id, file"
    ).fetchall()
    lost, aside = [], []
    for extract_id, sender_id, _, file, received, loaded, quarantined in receipts:
        key = f"{sender_id}:{extract_id}:{file}"
        if received != loaded + quarantined:
            lost.append((key, f"received {received}, loaded {loaded}, quarantined {quarantined}", 1))
        if quarantined:
            aside.append((key, f"quarantined {quarantined} of {received}", quarantined))
    absent, compared, unreadable = _absent_rows(connection, receipts)
    verdicts: list[Verdict] = []
    rows: list[Sequence[Any]] = []
    for return_id in return_ids:
        for check, checked, found in (
            (RECONCILE, len(receipts), lost),
            (PRESENT, compared, absent),
            (QUARANTINED, sum(r[4] for r in receipts), aside),
        ):
            broken = check is PRESENT and unreadable
            verdicts.append(_verdict(check, return_id, checked, found, unreadable if broken else []))
            rows.extend((return_id, check.rule_id, None, key, None, seen, None) for key, seen, _ in found)
    verdicts.extend(_heard(connection))
    return verdicts, failing_frame(rows)


def _heard(connection: duckdb.DuckDBPyConnection) -> list[Verdict]:
    """Whether anybody sent anything for each submitter: silence is neither zero nor nothing due."""
    try:
        senders = connection.execute(
            "select r.return_id, c.submitter_id, c.kind, count(s.sender_id) "
            "from raw.run_return r join raw.client_submitter c on c.kind = r.submitted_by "
            "left join core.core__submitter_sender s on s.submitter_id = c.submitter_id and s.speaks_for_it "
            "group by all order by all"
        ).fetchall()
    except duckdb.CatalogException:
        return_ids = connection.execute("select return_id from raw.run_return order by 1").fetchall()
        broken = ["who sends for whom"]
        check = replace(HEARD, message=HEARD.message.format(kind="submitter"))
        return [_verdict(check, return_id, 0, [], broken) for (return_id,) in return_ids]
    return [
        _verdict(
            replace(HEARD, message=HEARD.message.format(kind=kind)),
            return_id,
            max(count, 1),
            [] if count else [(submitter_id, "", 1)],
            [],
            submitter_id,
        )
        for return_id, submitter_id, kind, count in senders
    ]


def _verdict(
    check: _Check,
    return_id: str,
    checked: int,
    found: Sequence[tuple[str, str, int]],
    unreadable: Sequence[str],
    submitter_id: str | None = None,
) -> Verdict:
    failing = sum(weight for _, _, weight in found)
    why = f" The loaded rows of {', '.join(unreadable)} could not be read." if unreadable else ""
    return Verdict(
        rule_id=check.rule_id,
        return_id=return_id,
        submitter_id=submitter_id,
        source=check.source,
        severity=check.severity,
        checked=checked,
        failing=failing,
        outcome=ERROR if unreadable else outcome_of(check.severity, checked, failing),
        message=check.message + why,
        next_step=check.next_step,
        first_keys=tuple(key for key, _, _ in found[:FIRST_KEYS]),
    )


def _absent_rows(
    connection: duckdb.DuckDBPyConnection, receipts: Sequence[tuple[Any, ...]]
) -> tuple[list[tuple[str, str, int]], int, list[str]]:
    """Extracts and classes whose rows in the warehouse are not as many as were loaded."""
    expected: dict[str, dict[str, int]] = {}
    senders: dict[str, str] = {}
    for extract_id, sender_id, record_class, _, _, loaded, _ in receipts:
        by_extract = expected.setdefault(record_class, {})
        by_extract[extract_id] = by_extract.get(extract_id, 0) + loaded
        senders[extract_id] = sender_id
    found: list[tuple[str, str, int]] = []
    unreadable: list[str] = []
    for record_class in sorted(expected):
        try:
            counted: dict[str, int] = dict(
                connection.execute(
                    f"select _extract_id, count(*) from raw.{quoted(record_class)} group by 1"
                ).fetchall()
            )
        except duckdb.Error:
            unreadable.append(record_class)
            continue
        loaded = expected[record_class]
        for extract_id in sorted({*loaded, *counted}):
            there, due = counted.get(extract_id, 0), loaded.get(extract_id, 0)
            if there != due:
                key = f"{senders.get(extract_id, 'no receipt')}:{extract_id}:{record_class}"
                found.append((key, f"loaded {due}, in the warehouse {there}", 1))
    return found, sum(len(by) for by in expected.values()), unreadable
