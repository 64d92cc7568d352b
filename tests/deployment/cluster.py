"""A PostgreSQL cluster that lives as long as a test: in a folder of its own, on a socket, without a port."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

WHERE_DEBIAN_PUTS_IT = Path("/usr/lib/postgresql")
USER = "returns"
DATABASE = "returns"


@dataclass(frozen=True)
class Cluster:
    """A running cluster: its programs, its socket's folder and the password of its only user."""

    programs: Path
    folder: Path
    password: str

    def url(self, database: str = DATABASE) -> str:
        return f"postgresql+psycopg2://{USER}:{self.password}@/{database}?host={self.folder}"

    def run(self, program: str, *words: str, stdin: bytes | None = None) -> bytes:
        """What a program of PostgreSQL prints, run as whoever answers for the cluster."""
        done = _run([str(self.programs / program), *words], stdin=stdin, PGPASSWORD=self.password)
        return done

    def query(self, sql: str, database: str = DATABASE) -> str:
        words = ["-h", str(self.folder), "-U", USER, "-d", database, "-At", "-c", sql]
        return self.run("psql", *words).decode().strip()


def programs() -> Path | None:
    """The newest PostgreSQL of this machine, if it has one."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    versions = sorted(WHERE_DEBIAN_PUTS_IT.glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    return versions[-1].parent if versions else None


@contextmanager
def running_cluster(where: Path) -> Iterator[Cluster]:
    """Start a cluster with one user and one database, and stop it however the block ends."""
    # Short, for a socket's path may have 107 letters, and open to the user PostgreSQL is run as.
    folder = Path(tempfile.mkdtemp(prefix="pg_"))
    cluster = Cluster(where, folder, secrets.token_hex(16))
    try:
        if _other_user():
            os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
        password_file = folder / "password"
        _run(["tee", str(password_file)], stdin=cluster.password.encode())
        data = str(folder / "data")
        cluster.run(
            "initdb", "-D", data, "-U", USER, "--pwfile", str(password_file), "-A", "scram-sha-256",
            "-E", "UTF8", "--no-locale", "--no-sync",
        )  # fmt: skip
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
        cluster.run("pg_ctl", "-D", data, "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            cluster.run("createdb", "-h", str(folder), "-U", USER, DATABASE)
            yield cluster
        finally:
            cluster.run("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def _other_user() -> dict[str, str]:
    """PostgreSQL refuses to be run by root: then it is run by the user that Debian's package made for it."""
    return {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}


def _run(words: list[str], stdin: bytes | None = None, **environment: str) -> bytes:
    done = subprocess.run(
        words,
        input=stdin,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C", **environment},
        cwd="/",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT if words[0].endswith("pg_ctl") else subprocess.PIPE,
        check=False,
        extra_groups=[] if _other_user() else None,
        **_other_user(),
    )
    if done.returncode:
        raise RuntimeError(f"{words[0]} ended with {done.returncode}: {done.stdout!r} {done.stderr!r}")
    return done.stdout
