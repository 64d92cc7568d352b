"""Settings: where things lie, whose data are computed and with how much of the machine, read once."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from orchestration.identity.keys import KEY_FILE_VARIABLE, PersonKeyError, read_person_key
from orchestration.report.disclosure_profiles import DEFAULT, load_profiles
from orchestration.warehouse.build import Submitter

PROJECT = Path(__file__).resolve().parents[1]
DEFAULT_LAKE = PROJECT / "data" / "lake"
SAMPLE = PROJECT / "data" / "samples" / "clean"
DEFAULT_CLIENTS = SAMPLE / "clients.toml"
DEFAULT_MEMORY_LIMIT = "2GB"
MOST_THREADS_BY_DEFAULT = 4

IDENTIFIER = re.compile(r"^[a-z][a-z0-9_]{1,39}$")
MEMORY = re.compile(r"^[1-9][0-9]*(\.[0-9]+)?(MB|GB|MiB|GiB)$")
SUBMITTER_KINDS = ("council", "location")
# DuckDB cannot tell a file from a schema of the same name, and a client's warehouse is a file named after it.
NAMES_OF_SCHEMAS = frozenset(
    {"raw", "staging", "core", "aggregates", "returns", "quality", "main", "memory", "system", "temp"}
)
CLIENT_KEYS = {"id", "name", "kind", "synthetic", "senders", "submitter", "disclosure"}
SUBMITTER_KEYS = {"kind", "code", "name", "dates"}


class SettingsError(ValueError):
    """The settings cannot be used; `mistakes` holds every mistake found, in plain words."""

    def __init__(self, mistakes: list[str]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(mistakes))


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


@dataclass(frozen=True)
class Settings:
    """Everything a run needs to know that is neither data nor method."""

    lake: Path
    extracts: Path
    clients_file: Path
    clients: Mapping[str, Client]
    memory_limit: str
    threads: int
    person_key_file: Path | None

    def client(self, client_id: str) -> Client:
        """Return one client. Raises SettingsError that names those the settings know."""
        if client_id not in self.clients:
            known = ", ".join(self.clients)
            raise SettingsError(
                [f"{self.clients_file} has no client '{client_id}'; it has: {known}. Name one with --client."]
            )
        return self.clients[client_id]

    def only_client(self, client_id: str | None) -> Client:
        """Return the client asked for, or the only one. Raises SettingsError when one must be named."""
        if client_id is not None:
            return self.client(client_id)
        if len(self.clients) > 1:
            raise SettingsError(
                [f"{self.clients_file} has several clients: {', '.join(self.clients)}. Name one: --client."]
            )
        return next(iter(self.clients.values()))

    def submitter(self, submitter_id: str, client_id: str | None = None) -> tuple[Submitter, Client]:
        """Return a submitter and the client it belongs to. SettingsError: nobody, or several clients'."""
        among = [self.client(client_id)] if client_id else list(self.clients.values())
        found = [(s, c) for c in among for s in c.submitters if s.submitter_id == submitter_id]
        if not found:
            known = ", ".join(sorted({s.submitter_id for c in among for s in c.submitters}))
            raise SettingsError([f"{self.clients_file} has no submitter '{submitter_id}'; it has: {known}."])
        if len(found) > 1:
            owners = ", ".join(c.client_id for _, c in found)
            raise SettingsError([f"'{submitter_id}' is a submitter of {owners}. Name one with --client."])
        return found[0]

    def person_key(self, client: Client) -> str:
        """Return the secret that a client's person keys are made with. Raises SettingsError without one."""
        try:
            return read_person_key(self.person_key_file, synthetic=client.synthetic)
        except PersonKeyError as error:
            raise SettingsError([str(error)]) from None


def load_settings(
    lake: Path | None = None,
    clients_file: Path | None = None,
    extracts: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Settings:
    """Return the settings: argument, environment or default. Raises SettingsError with every mistake."""
    found = os.environ if environment is None else environment
    mistakes: list[str] = []
    clients_path = clients_file or _path(found, "RETURNS_CLIENTS") or DEFAULT_CLIENTS
    settings = Settings(
        lake=(lake or _path(found, "RETURNS_LAKE") or DEFAULT_LAKE).resolve(),
        extracts=(extracts or _path(found, "RETURNS_EXTRACTS") or SAMPLE).resolve(),
        clients_file=clients_path,
        clients=_read_clients(clients_path, mistakes),
        memory_limit=_memory_limit(found, mistakes),
        threads=_threads(found, mistakes),
        person_key_file=_path(found, KEY_FILE_VARIABLE),
    )
    if settings.lake.exists() and not settings.lake.is_dir():
        mistakes.append(f"the lake {settings.lake} is a file; name a folder with --lake or RETURNS_LAKE.")
    if not settings.extracts.is_dir():
        mistakes.append(
            f"there is no folder {settings.extracts} to take extracts from; name one with --extracts or"
            " RETURNS_EXTRACTS."
        )
    if mistakes:
        raise SettingsError(mistakes)
    return settings


def _path(environment: Mapping[str, str], name: str) -> Path | None:
    value = environment.get(name, "").strip()
    return Path(value).expanduser() if value else None


def _memory_limit(environment: Mapping[str, str], mistakes: list[str]) -> str:
    value = environment.get("RETURNS_MEMORY_LIMIT", "").strip() or DEFAULT_MEMORY_LIMIT
    if not MEMORY.match(value):
        mistakes.append(f"RETURNS_MEMORY_LIMIT is '{value}'; write it like 2GB or 800MB.")
    return value


def _threads(environment: Mapping[str, str], mistakes: list[str]) -> int:
    value = environment.get("RETURNS_THREADS", "").strip()
    if not value:
        return min(os.cpu_count() or 1, MOST_THREADS_BY_DEFAULT)
    if not value.isascii() or not value.isdigit() or not 1 <= int(value) <= 256:
        mistakes.append(f"RETURNS_THREADS is '{value}'; write a whole number from 1 to 256.")
        return 1
    return int(value)


def _read_clients(path: Path, mistakes: list[str]) -> dict[str, Client]:
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
    )


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
