"""The services of the systemd units as processes of a test, and what their web interface answers."""

from __future__ import annotations

import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from units import INSTALLED, command_of, environment_of, settings_file, values

T = TypeVar("T")
STATE = "/var/lib/returns"
RUNTIME = "/run/returns"


@dataclass
class Server:
    """A server in a scratch folder: the services of the units, with the environment the units give them."""

    scratch: Path
    installed: Path
    own_settings: Mapping[str, str]
    port: int = field(default_factory=lambda: _free_port())
    started: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    laid_out: dict[str, int] = field(default_factory=dict)

    @property
    def state(self) -> Path:
        return self.scratch / "state"

    def environment(self, service: str) -> dict[str, str]:
        """What systemd would give a service, with the folders of the test in place of the server's."""
        told = settings_file() | environment_of(service) | dict(self.own_settings)
        told["RETURNS_WEB_PORT"] = str(self.port)
        told.pop("RETURNS_PERSON_KEY_FILE", None)
        here = {name: self._here(value) for name, value in told.items()}
        # The environment is shared with the tests; the code is that of the installed tree.
        return {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "PYTHONPATH": str(self.installed), **here}

    def words(self, command: list[str]) -> list[str]:
        """A command of an installed server as it is started here."""
        return [self._here(word) for word in command]

    def _here(self, told: str) -> str:
        """Paths of an installed server as they are in this test."""
        venv = Path(sys.executable).parent
        places = {f"{INSTALLED}/.venv/bin": venv, INSTALLED: self.installed, STATE: self.state}
        for there, here in {**places, RUNTIME: self.scratch}.items():
            told = told.replace(there, str(here))
        return told

    def start(self, service: str) -> None:
        environment = self.environment(service)
        (umask,) = values(service, "UMask")
        self._run_beside(service, "ExecStartPre")
        with (self.scratch / f"{service}.log").open("ab") as log:
            self.started[service] = subprocess.Popen(
                self.words(command_of(service, environment)),
                env=environment,
                cwd=self.installed,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                umask=int(umask, 8),
                start_new_session=True,
            )

        self._run_beside(service, "ExecStartPost")

    def _run_beside(self, service: str, directive: str) -> None:
        for command in values(service, directive):
            done = self.run(service, *shlex.split(command.removeprefix("-")))
            assert done.returncode == 0, done.stderr

    def told(self) -> str:
        """All that the services have printed."""
        return "\n".join(path.read_text(errors="replace") for path in sorted(self.scratch.glob("*.log")))

    def run(self, service: str, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command with the environment of a service, as an operator or a health check would."""
        return subprocess.run(
            self.words(list(command)),
            env=self.environment(service),
            cwd=self.installed,
            capture_output=True,
            text=True,
            check=False,
        )

    def ask(self, query: str, **variables: Any) -> Any:
        """What the web interface answers to a GraphQL query."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/graphql",
            data=json.dumps({"query": query, "variables": variables}).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            told = json.load(answer)
        assert "errors" not in told, told["errors"]
        return told["data"]

    def wait_for(self, what: str, seconds: float, look: Callable[[], T | None]) -> T:
        """The first answer that is not None. Fails with the services' own words when none comes in time."""
        last = time.monotonic() + seconds
        while time.monotonic() < last:
            for service, process in self.started.items():
                assert process.poll() is None, f"{service} has ended:\n{self.told()[-4000:]}"
            try:
                found = look()
            except (urllib.error.URLError, TimeoutError):
                found = None
            if found is not None:
                return found
            time.sleep(1)
        raise AssertionError(f"{what} did not come in {seconds:.0f} s:\n{self.told()[-4000:]}")

    def stop(self) -> None:
        """End every process, the last started first, whatever it is doing."""
        for process in reversed(self.started.values()):
            _signal(process, signal.SIGTERM)
        for process in reversed(self.started.values()):
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=5)
            _signal(process, signal.SIGKILL)
            process.wait()


def what_is_in(folder: Path) -> dict[str, int]:
    """Each file and folder below a folder, with the moment it was last written."""
    return {str(path.relative_to(folder)): path.stat().st_mtime_ns for path in sorted(folder.rglob("*"))}


@contextmanager
def serving(scratch: Path, installed: Path, own_settings: Mapping[str, str]) -> Iterator[Server]:
    """Give a server without any service yet; all that are started end with the block."""
    server = Server(scratch, installed, own_settings)
    for name in " ".join(values("code", "StateDirectory")).split():
        (scratch / name.replace("returns", server.state.name, 1)).mkdir(mode=0o700, exist_ok=True)
    try:
        yield server
    finally:
        server.stop()


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    # A service and all it started are one group, as they are one control group of systemd.
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
