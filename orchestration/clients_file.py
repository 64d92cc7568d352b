"""The clients file: for whom we compute, who may send for them, and who owes returns."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from orchestration.extracts.object_store import is_address
from orchestration.extracts.offered import Place, place_at
from orchestration.report.disclosure_profiles import DEFAULT, load_profiles
from orchestration.warehouse.build import Submitter

IDENTIFIER = re.compile(r"^[a-z][a-z0-9_]{1,39}$")
SUBMITTER_KINDS = ("council", "location")
# DuckDB cannot tell a file from a schema of the same name, and a client's warehouse is a file named after it.
NAMES_OF_SCHEMAS = frozenset(
    {"raw", "staging", "core", "aggregates", "returns", "quality", "main", "memory", "system", "temp"}
)
CLIENT_KEYS = {
    "id",
    "name",
    "kind",
    "synthetic",
    "senders",
    "submitter",
    "disclosure",
    "extracts",
    "expected_days",
}
SUBMITTER_KEYS = {"kind", "code", "name", "dates"}


@dataclass(frozen=True)
class Client:
    """A data controller for whom we compute: who may send for it, who owes returns, what pages may show."""

    client_id: str
    name: str
    kind: str
    synthetic: bool
    senders: tuple[str, ...]
    submitters: tuple[Submitter, ...]
    disclosure: str = DEFAULT
    extracts: Place | None = None
    expected_days: Mapping[str, int] = field(default_factory=dict)


def read_clients(path: Path, mistakes: list[str]) -> dict[str, Client]:
    """Return the clients of a file by id, as far as they can be read; every mistake joins the list."""
    try:
        form = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        mistakes.append(f"there is no clients file {path}; name one with --clients or RETURNS_CLIENTS.")
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        mistakes.append(f"the clients file {path} cannot be read: {error}.")
        return {}
    entries = form.get("client")
    if not isinstance(entries, list) or not entries or not all(isinstance(e, dict) for e in entries):
        mistakes.append(f"the clients file {path} names no client; start one with a line [[client]].")
        return {}
    mistakes.extend(f"{path}: '{key}' is not a setting." for key in sorted(set(form) - {"client"}))
    clients: dict[str, Client] = {}
    for number, entry in enumerate(entries, start=1):
        client = _client(entry, f"{path}, client {number}", mistakes)
        if client.client_id in clients:
            mistakes.append(f"{path}: client id '{client.client_id}' is used twice.")
        clients[client.client_id] = client
    return clients


def _client(entry: Mapping[str, Any], where: str, mistakes: list[str]) -> Client:
    client_id = _text(entry, "id", where, mistakes)
    if client_id and not IDENTIFIER.match(client_id):
        mistakes.append(f"{where}: id '{client_id}' must be lower case letters, digits and underscores.")
    if client_id in NAMES_OF_SCHEMAS:
        mistakes.append(f"{where}: id '{client_id}' is a name the warehouse uses itself; choose another.")
    synthetic = entry.get("synthetic")
    if not isinstance(synthetic, bool):
        mistakes.append(f"{where}: synthetic must be true or false; true means the people are made up.")
    senders = entry.get("senders")
    if not isinstance(senders, list) or not senders or not all(isinstance(s, str) for s in senders):
        mistakes.append(f"{where}: senders must list the ids of those who may send for this client.")
        senders = []
    for sender in senders:
        if not IDENTIFIER.match(sender):
            mistakes.append(
                f"{where}: sender id '{sender}' must be lower case letters, digits and underscores."
            )
    mistakes.extend(f"{where}: sender '{s}' is listed twice." for s in _repeated(senders))
    submitters = entry.get("submitter", [])
    if not isinstance(submitters, list) or not all(isinstance(s, dict) for s in submitters):
        mistakes.append(f"{where}: start each submitter with a line [[client.submitter]].")
        submitters = []
    owed_by = [_submitter(s, f"{where}, submitter {n}", mistakes) for n, s in enumerate(submitters, start=1)]
    codes = _repeated([s.code for s in owed_by if s.code])
    mistakes.extend(f"{where}: submitter code '{code}' is used twice." for code in codes)
    mistakes.extend(f"{where}: '{key}' is not a setting." for key in sorted(set(entry) - CLIENT_KEYS))
    return Client(
        client_id=client_id,
        name=_text(entry, "name", where, mistakes),
        kind=_text(entry, "kind", where, mistakes),
        synthetic=synthetic is True,
        senders=tuple(senders),
        submitters=tuple(owed_by),
        disclosure=_disclosure(entry, where, mistakes),
        extracts=_own_place(entry, where, mistakes),
        expected_days=_expected_days(entry.get("expected_days", {}), senders, where, mistakes),
    )


def _expected_days(table: object, senders: list[str], where: str, mistakes: list[str]) -> dict[str, int]:
    """Return after how many days a sender's newest extract is too old, for those of whom it is said."""
    if not isinstance(table, dict):
        mistakes.append(f"{where}: expected_days must be a table, like expected_days = {{ oakfield = 31 }}.")
        return {}
    for sender, days in table.items():
        if sender not in senders:
            mistakes.append(f"{where}: expected_days names '{sender}', who is no sender of this client.")
        elif type(days) is not int or not 1 <= days <= 3660:
            mistakes.append(f"{where}: the expected_days of {sender} must be a whole number from 1 to 3660.")
    return {sender: days for sender, days in table.items() if type(days) is int}


def _own_place(entry: Mapping[str, Any], where: str, mistakes: list[str]) -> Place | None:
    """Return the place that a client's extracts come to, where it is not the common one."""
    text = entry.get("extracts")
    if text is None:
        return None
    try:
        if isinstance(text, str) and (is_address(text) or Path(text).expanduser().is_absolute()):
            return place_at(text)
        raise ValueError("write a whole path or an address like s3://bucket/incoming")
    except ValueError as wrong:
        mistakes.append(f"{where}: extracts cannot be used: {wrong}.")
        return None


def _disclosure(entry: Mapping[str, Any], where: str, mistakes: list[str]) -> str:
    """Return the profile by which pages and workbooks of a client show small numbers."""
    chosen = entry.get("disclosure", DEFAULT)
    profiles = sorted(load_profiles())
    if chosen not in profiles:
        mistakes.append(f"{where}: disclosure '{chosen}' is none; there is: {', '.join(profiles)}.")
        return DEFAULT
    return str(chosen)


def _submitter(entry: Mapping[str, Any], where: str, mistakes: list[str]) -> Submitter:
    kind = _text(entry, "kind", where, mistakes)
    if kind and kind not in SUBMITTER_KINDS:
        mistakes.append(f"{where}: kind '{kind}' must be council or location.")
    code = _text(entry, "code", where, mistakes)
    mistakes.extend(f"{where}: '{key}' is not a setting." for key in sorted(set(entry) - SUBMITTER_KEYS))
    return Submitter(
        submitter_id=code,
        kind=kind,
        code=code,
        name=_text(entry, "name", where, mistakes),
        dates=_dates(entry.get("dates", {}), where, mistakes),
    )


def _dates(table: object, where: str, mistakes: list[str]) -> dict[str, date]:
    """Return the dates a submitter's own windows are counted from, by the names return folders give them."""
    if not isinstance(table, dict):
        mistakes.append(f"{where}: dates must be a table, like dates = {{ cqc_pir_request = 2026-10-05 }}.")
        return {}
    for name, value in table.items():
        if type(value) is not date:
            mistakes.append(f"{where}: the date {name} must be written like 2026-10-05, without quotes.")
    return {name: value for name, value in table.items() if type(value) is date}


def _text(entry: Mapping[str, Any], key: str, where: str, mistakes: list[str]) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value.strip():
        mistakes.append(f"{where}: {key} is missing.")
        return ""
    return value.strip()


def _repeated(values: list[str]) -> list[str]:
    return sorted({v for v in values if values.count(v) > 1})
