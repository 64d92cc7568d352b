"""Reading the systemd units as a server would: what is started, and with which environment."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from orchestration.settings import PROJECT

DEPLOY = PROJECT / "deploy"
SYSTEMD = DEPLOY / "systemd"
SHARED = SYSTEMD / "returns-.service.d" / "hardening.conf"
SERVICES = ("code", "daemon", "webserver")
INSTALLED = "/opt/returns"


def unit_file(service: str) -> Path:
    return SYSTEMD / f"returns-{service}.service"


def directives(service: str) -> list[tuple[str, str]]:
    """Every `Name=value` of a unit after those all units share, in the order systemd would read them."""
    lines = [*SHARED.read_text(encoding="utf-8").splitlines(), *unit_file(service).read_text().splitlines()]
    return [
        (name, value)
        for name, sep, value in (line.partition("=") for line in lines)
        if sep and name[0] != "#"
    ]


def values(service: str, name: str) -> list[str]:
    return [value for found, value in directives(service) if found == name]


def environment_of(service: str) -> dict[str, str]:
    pairs = [pair for value in values(service, "Environment") for pair in shlex.split(value)]
    return dict(pair.split("=", 1) for pair in pairs)


def settings_file(path: Path = DEPLOY / "server.env.example") -> dict[str, str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def command_of(service: str, environment: dict[str, str]) -> list[str]:
    """The words of ExecStart with the variables filled in. Raises KeyError for one that nobody sets."""
    (line,) = values(service, "ExecStart")
    return [re.sub(r"\$\{(\w+)\}", lambda found: environment[found[1]], word) for word in shlex.split(line)]
