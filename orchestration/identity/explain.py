"""Why records are one person, in plain words: keys, rules and evidence, never names, numbers or dates."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb

from orchestration.extracts.places import place

KINDS = {
    "verified_number": "known by an NHS number that a trace answer confirmed",
    "claimed_number": "known by an NHS number that its records carry and no trace answer has confirmed",
    "demographic_group": "known without a number, by equal names, birth date and place",
    "single_record": "known by one record that joins no other",
}


class PersonNotFoundError(LookupError):
    """No person of that key, or no index yet; the message says which."""


def _table(folder: Path, name: str) -> str:
    return "read_parquet('" + str(folder / f"{name}.parquet").replace("'", "''") + "')"


def _number_line(state: str, reason: str | None, next_step: str | None) -> str:
    if reason is None:
        return f"number on this record: {state.replace('_', ' ')}"
    return f"number on this record: set aside; {reason}. Next step: {next_step}."


def explain_person(client_id: str, lake: Path, person_key: str) -> str:
    """Return a person's records with stage, rule and evidence, open questions and conflicts, as text."""
    folder = place(lake, "identity", client_id)
    if not (folder / "link.parquet").exists():
        raise PersonNotFoundError(
            f"There is no person index for client {client_id} yet. Run the client first."
        )
    if not re.fullmatch(r"[0-9a-f]{24}", person_key):
        raise PersonNotFoundError("A person key has 24 characters, 0 to 9 and a to f.")
    with duckdb.connect() as connection:
        person = connection.execute(
            f"select person_kind, records, death_source from {_table(folder, 'person')} where person_key = ?",
            [person_key],
        ).fetchone()
        if person is None:
            raise PersonNotFoundError(
                f"Client {client_id} has no person {person_key}. Keys belong to one client."
            )
        links = connection.execute(
            f"""
            select l.person_record_key, l.source_class, l.sender_id, l.stage, l.rule, l.evidence,
                l.number_state, q.reason, q.next_step
            from {_table(folder, "link")} as l
            left join {_table(folder, "number_quarantine")} as q on l.person_record_key = q.person_record_key
            where l.person_key = ?
            order by l.person_record_key
            """,
            [person_key],
        ).fetchall()
        reviews = connection.execute(
            f"""
            select v.person_record_key, v.reason, v.evidence, v.next_step
            from {_table(folder, "review")} as v
            inner join {_table(folder, "link")} as l on v.person_record_key = l.person_record_key
            where l.person_key = ? or v.proposed_person_key = ?
            order by all
            """,
            [person_key, person_key],
        ).fetchall()
        conflicts = connection.execute(
            f"select field, different_values from {_table(folder, 'conflict')} "
            "where person_key = ? order by all",
            [person_key],
        ).fetchall()
    kind, records, death_source = person
    lines = [f"Person {person_key}", f"  {KINDS[kind]}; {records} {'record' if records == 1 else 'records'}"]
    if death_source:
        lines.append(f"  has died, known from {'PDS' if death_source == 'pds' else 'a record'}")
    for record_key, source_class, sender, stage, rule, evidence, state, reason, next_step in links:
        lines += [
            "",
            f"Record {record_key} ({source_class}, sent by {sender})",
            f"  stage {stage}, rule {rule}",
            f"  because {evidence}",
            f"  {_number_line(state, reason, next_step)}",
        ]
    if reviews:
        lines += ["", "For a person to decide"]
        lines += [
            f"  {record_key}: {reason}; {evidence}. {step}" for record_key, reason, evidence, step in reviews
        ]
    if conflicts:
        lines += ["", "Records differ in (values stand in the restricted file conflict.parquet)"]
        lines += [f"  {field}: {n} different values" for field, n in conflicts]
    return "\n".join(lines) + "\n"
