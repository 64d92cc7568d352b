"""Settings: where things lie, whose data are computed and with how much of the machine, read once."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from orchestration.clients_file import Client, read_clients
from orchestration.extracts.offered import Place, place_at
from orchestration.identity.keys import KEY_FILE_VARIABLE, PersonKeyError, read_person_key
from orchestration.warehouse.build import Submitter

PROJECT = Path(__file__).resolve().parents[1]
DEFAULT_LAKE = PROJECT / "data" / "lake"
SAMPLE = PROJECT / "data" / "samples" / "clean"
DEFAULT_CLIENTS = SAMPLE / "clients.toml"
DEFAULT_MEMORY_LIMIT = "2GB"
MOST_THREADS_BY_DEFAULT = 4
DEFAULT_WARN_DAYS = 7

MEMORY = re.compile(r"^[1-9][0-9]*(\.[0-9]+)?(MB|GB|MiB|GiB)$")


class SettingsError(ValueError):
    """The settings cannot be used; `mistakes` holds every mistake found, in plain words."""

    def __init__(self, mistakes: list[str]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(mistakes))


@dataclass(frozen=True)
class Settings:
    """Everything a run needs to know that is neither data nor method."""

    lake: Path
    extracts: Place
    clients_file: Path
    clients: Mapping[str, Client]
    memory_limit: str
    threads: int
    person_key_file: Path | None
    warn_days: int = DEFAULT_WARN_DAYS

    def place_of(self, client: Client) -> Place:
        """Return where the extracts of a client are taken from: its own place, or the common one."""
        return client.extracts or self.extracts

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
    extracts: Path | str | None = None,
    environment: Mapping[str, str] | None = None,
    *,
    must_be_there: bool = True,
) -> Settings:
    """Return the settings: argument, environment or default. Raises SettingsError with every mistake.

    A place given as the argument stands for all clients, also for those that have their own in the clients
    file. Where settings outlive the moment (`must_be_there` false), the folder of extracts may come later.
    """
    found = os.environ if environment is None else environment
    mistakes: list[str] = []
    clients_path = clients_file or _path(found, "RETURNS_CLIENTS") or DEFAULT_CLIENTS
    clients = read_clients(clients_path, mistakes)
    settings = Settings(
        lake=(lake or _path(found, "RETURNS_LAKE") or DEFAULT_LAKE).resolve(),
        extracts=_common_place(extracts, found, mistakes),
        clients_file=clients_path,
        clients={i: replace(c, extracts=None) for i, c in clients.items()} if extracts else clients,
        memory_limit=_memory_limit(found, mistakes),
        threads=_threads(found, mistakes),
        person_key_file=_path(found, KEY_FILE_VARIABLE),
        warn_days=_warn_days(found, mistakes),
    )
    if settings.lake.exists() and not settings.lake.is_dir():
        mistakes.append(f"the lake {settings.lake} is a file; name a folder with --lake or RETURNS_LAKE.")
    common = settings.extracts
    if must_be_there and isinstance(common, Path) and not common.is_dir():
        mistakes.append(
            f"there is no folder {common} to take extracts from; name one with --extracts or"
            " RETURNS_EXTRACTS."
        )
    if mistakes:
        raise SettingsError(mistakes)
    return settings


def _path(environment: Mapping[str, str], name: str) -> Path | None:
    value = environment.get(name, "").strip()
    return Path(value).expanduser() if value else None


def _common_place(argument: Path | str | None, environment: Mapping[str, str], mistakes: list[str]) -> Place:
    text = str(argument or environment.get("RETURNS_EXTRACTS", "").strip() or SAMPLE)
    try:
        return place_at(text)
    except ValueError as wrong:
        # Not the address itself: it may carry what must not be shown.
        mistakes.append(f"the place named with --extracts or RETURNS_EXTRACTS cannot be used: {wrong}.")
        return SAMPLE


def _memory_limit(environment: Mapping[str, str], mistakes: list[str]) -> str:
    value = environment.get("RETURNS_MEMORY_LIMIT", "").strip() or DEFAULT_MEMORY_LIMIT
    if not MEMORY.match(value):
        mistakes.append(f"RETURNS_MEMORY_LIMIT is '{value}'; write it like 2GB or 800MB.")
    return value


def _warn_days(environment: Mapping[str, str], mistakes: list[str]) -> int:
    value = environment.get("RETURNS_WARN_DAYS", "").strip()
    if not value:
        return DEFAULT_WARN_DAYS
    if not value.isascii() or not value.isdigit() or int(value) > 90:
        mistakes.append(f"RETURNS_WARN_DAYS is '{value}'; write a whole number of days from 0 to 90.")
        return DEFAULT_WARN_DAYS
    return int(value)


def _threads(environment: Mapping[str, str], mistakes: list[str]) -> int:
    value = environment.get("RETURNS_THREADS", "").strip()
    if not value:
        return min(os.cpu_count() or 1, MOST_THREADS_BY_DEFAULT)
    if not value.isascii() or not value.isdigit() or not 1 <= int(value) <= 256:
        mistakes.append(f"RETURNS_THREADS is '{value}'; write a whole number from 1 to 256.")
        return 1
    return int(value)
