"""Why records are one person, in plain words: keys, rules and evidence, never names, numbers or dates."""

from __future__ import annotations

import re
from pathlib import Path

from orchestration.engine import open_engine
from orchestration.extracts.places import place
from orchestration.identity.connection import quoted

KINDS = {
    "verified_number": "known by an NHS number that a trace answer confirmed",
    "claimed_number": "known by an NHS number that its records carry and no trace answer has confirmed",
    "demographic_group": "known without a number, by equal names, birth date and place",
    "single_record": "known by one record that joins no other",
}
GIVEN_UP = {"merge": "merged into", "new_secret": "made anew, with another secret, as"}


class PersonNotFoundError(LookupError):
    """No person of that key, or no index yet; the message says which."""


def _table(folder: Path, name: str) -> str:
    return f"read_parquet({quoted(folder / f'{name}.parquet')})"


def _number_line(state: str, reason: str | None, next_step: str | None) -> str:
    if reason is None:
        return f"number on this record: {state.replace('_', ' ')}"
    return f"number on this record: set aside; {reason}. Next step: {next_step}."


def explain_person(client_id: str, lake: Path, person_key: str) -> str:
    """Return a person's records with stage, rule and evidence, open questions and conflicts, as text.

    A key that was given up is followed to the person, or persons, its records are now.
    """
    folder = place(lake, "identity", client_id)
    if not (folder / "link.parquet").exists():
        raise PersonNotFoundError(
            f"There is no person index for client {client_id} yet. Run the client first."
        )
    if not re.fullmatch(r"[0-9a-f]{24}", person_key):
        raise PersonNotFoundError("A person key has 24 characters, 0 to 9 and a to f.")
    now, way = _followed(folder, person_key)
    if not now:
        raise PersonNotFoundError(
            f"Client {client_id} has no person {person_key}. Keys belong to one client."
        )
    told = "\n".join(_person(folder, key) for key in now)
    return "\n".join([*way, "", told]) if way else told


def _changes(folder: Path, column: str, person_key: str) -> list[tuple[str | None, str, str, str]]:
    """The dated changes of a key, oldest first; none of an index from before they were kept."""
    if not (folder / "key_change.parquet").exists():
        return []
    with open_engine() as connection:
        return connection.execute(
            f"select date, change, old_key, new_key from {_table(folder, 'key_change')} "
            f"where {column} = ? order by date nulls first, change, old_key, new_key",
            [person_key],
        ).fetchall()


def _is_person(folder: Path, person_key: str) -> bool:
    with open_engine() as connection:
        found = connection.execute(
            f"select 1 from {_table(folder, 'person')} where person_key = ?", [person_key]
        ).fetchone()
    return found is not None


def _followed(folder: Path, person_key: str) -> tuple[list[str], list[str]]:
    """The persons that a key stands for now, and the way to them in words."""
    now: list[str] = []
    way: list[str] = []
    ahead, seen = [person_key], set()
    while ahead:
        key = ahead.pop(0)
        if key in seen:
            continue
        seen.add(key)
        if _is_person(folder, key):
            now.append(key)
            continue
        for date, change, _, new_key in _changes(folder, "old_key", key):
            if change != "split":
                way.append(f"Key {key} was given up: {GIVEN_UP[change]} {new_key}{_on(date)}")
                ahead.append(new_key)
    return now, way


def _on(date: str | None) -> str:
    return f" on {date}" if date else ""


def _history(folder: Path, person_key: str) -> list[str]:
    came = [
        f"  {old} was {GIVEN_UP[change]} this person{_on(date)}"
        for date, change, old, _ in _changes(folder, "new_key", person_key)
        if change != "split"
    ]
    came += [
        f"  parted from {old}{_on(date)}"
        for date, change, old, _ in _changes(folder, "new_key", person_key)
        if change == "split"
    ]
    came += [
        f"  records of this person became {new}{_on(date)}"
        for date, change, _, new in _changes(folder, "old_key", person_key)
        if change == "split"
    ]
    return ["", "Earlier keys", *came] if came else []


def _person(folder: Path, person_key: str) -> str:
    with open_engine() as connection:
        person = connection.execute(
            f"select person_kind, records, death_source from {_table(folder, 'person')} where person_key = ?",
            [person_key],
        ).fetchone()
        assert person is not None
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
    lines += _history(folder, person_key)
    if conflicts:
        lines += ["", "Records differ in (values stand in the restricted file conflict.parquet)"]
        lines += [f"  {field}: {n} different values" for field, n in conflicts]
    return "\n".join(lines) + "\n"
