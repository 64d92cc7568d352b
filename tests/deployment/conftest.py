"""One server for all tests of the deployment: PostgreSQL, the code location and the web interface."""

from __future__ import annotations

import shlex
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from cluster import Cluster, programs, running_cluster
from image import lay_out, values_of
from serving import Server, serving, what_is_in

from orchestration.synthetic.maker import synthesise


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    where = programs()
    if where is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql): no server is tried")
    with running_cluster(where) as made:
        yield made


@pytest.fixture(scope="session")
def server(cluster: Cluster) -> Iterator[Server]:
    """The code location and the web interface, asked by a client of thirty made-up people."""
    # Not pytest's folder: a socket's path may have 107 letters.
    scratch = Path(tempfile.mkdtemp(prefix="srv_"))
    made = scratch / "made"
    synthesise(made, seed=7, people=30, providers=1, councils=1)
    installed = scratch / "installed"
    lay_out(installed)
    own = {
        "RETURNS_POSTGRES_URL": cluster.url(),
        "RETURNS_CLIENTS": str(made / "clients.toml"),
        "RETURNS_EXTRACTS": str(made),
    }
    try:
        with serving(scratch, installed, own) as running:
            compiled = running.run("code", *shlex.split(values_of("RUN")[-1]))
            assert compiled.returncode == 0, compiled.stderr
            running.laid_out = what_is_in(installed)
            running.start("code")
            running.start("webserver")
            yield running
    finally:
        shutil.rmtree(scratch)
