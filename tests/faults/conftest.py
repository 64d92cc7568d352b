"""The lake of a client that ran once, what a second run makes of it, and the table of faults at the end."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from harbour import (
    broken_packs,
    differing,
    files_of,
    identifiers,
    make_clients_file,
    offer_first,
    offer_second,
    packs_in,
)
from runs import ONE_RETURN, Fault, Said, run

ASKED_FOR = os.environ.get("RETURNS_TEST_FAULTS", "")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the faults to `make test-faults`, and the long ones out where the short part is asked for."""
    here = Path(__file__).parent
    for item in items:
        if here not in item.path.parents:
            continue
        if not ASKED_FOR:
            item.add_marker(pytest.mark.skip(reason="make test-faults runs these"))
        elif ASKED_FOR != "all" and item.get_closest_marker("long"):
            item.add_marker(pytest.mark.skip(reason="only make test-faults runs all of these"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what each fault led to."""
    told = [
        dict(report.user_properties)
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", "") == "call" and dict(report.user_properties).get("fault")
    ]
    if not told:
        return
    terminalreporter.section("what each fault led to")
    for row in sorted(told, key=lambda row: row["fault"]):
        terminalreporter.write_line(row["fault"])
        terminalreporter.write_line(f"    first run: {row['first run']}")
        terminalreporter.write_line(f"    rerun:     {row['rerun']}")


@dataclass(frozen=True)
class Ground:
    """What every fault starts from: a lake after a first run, offered extracts, and the end of the second."""

    folder: Path
    only: tuple[str, ...]

    @property
    def clients(self) -> Path:
        """The clients file."""
        return self.folder / "clients.toml"

    @property
    def extracts(self) -> Path:
        """The folder of offered extracts: that of the first run, and a later one."""
        return self.folder / "extracts"

    @property
    def before(self) -> Path:
        """The lake after the first run."""
        return self.folder / f"before_{len(self.only)}"

    @property
    def wanted(self) -> Path:
        """The lake after a second run that nothing disturbed."""
        return self.folder / f"wanted_{len(self.only)}"

    def prepare(self) -> None:
        """Make the two runs that nothing disturbs."""
        if not self.clients.exists():
            self.extracts.mkdir()
            offer_first(self.extracts)
            offer_second(self.folder)
            make_clients_file(self.clients)
            (self.folder / "early").mkdir()
            shutil.copytree(self.extracts / "first", self.folder / "early" / "first")
            shutil.move(self.folder / "second", self.extracts / "second")
        for lake, extracts in ((self.before, self.folder / "early"), (self.wanted, self.extracts)):
            if lake == self.wanted:
                shutil.copytree(self.before, lake, copy_function=shutil.copy2)
            said = run(lake, self.clients, extracts, only=self.only)
            assert said.outcome is not None and said.outcome.completed, said


@dataclass
class Trial:
    """One lake for one fault."""

    ground: Ground
    lake: Path
    note: Callable[[str, object], None]
    fault: str

    def disturbed(self, fault: Fault | None = None, extracts: Path | None = None) -> Said:
        """Make the second run under a fault; the packs of the first must stand, whatever becomes of it."""
        said = run(
            self.lake, self.ground.clients, extracts or self.ground.extracts, fault, only=self.ground.only
        )
        self.check_first(said)
        return said

    def check_first(self, said: Said) -> None:
        """Note what the disturbed run said and hold it to plain words and whole packs."""
        self.note("fault", self.fault)
        self.note("first run", said.words.replace(f"{self.lake}", "LAKE"))
        self.check_words(said)
        before = packs_in(files_of(self.ground.before))
        after = files_of(self.lake)
        assert before
        assert {name: after.get(name) for name in before} == before, "old packs were touched"
        assert broken_packs(self.lake) == []

    def check_words(self, said: Said) -> None:
        """A person is told in plain words and nobody is named."""
        words = said.words + said.printed
        assert "Traceback" not in words
        assert "should not have happened" not in words
        assert [value for value in identifiers() if value in words] == []

    def rerun(self) -> Said:
        """Run again, undisturbed: nothing may be lost or doubled, and all must be as if nothing had been."""
        said = run(self.lake, self.ground.clients, self.ground.extracts, only=self.ground.only)
        assert said.outcome is not None
        assert said.outcome.completed, said.words
        self.check_words(said)
        self.check_end(said)
        self.note(
            "rerun",
            f"{said.outcome.received} rows received = {said.outcome.loaded} loaded + "
            f"{said.outcome.quarantined} quarantined; all files as in an undisturbed run",
        )
        return said

    def check_end(self, said: Said) -> None:
        """Hold the lake to what an undisturbed run leaves, file by file."""
        assert said.outcome is not None
        assert said.outcome.received == said.outcome.loaded + said.outcome.quarantined > 0
        assert differing(files_of(self.lake), files_of(self.ground.wanted)) == []
        assert broken_packs(self.lake) == []


def _ground(tmp_path_factory: pytest.TempPathFactory, only: tuple[str, ...]) -> Ground:
    """Make the ground once, also where several workers need it."""
    root = tmp_path_factory.getbasetemp()
    folder = (root.parent if "PYTEST_XDIST_WORKER" in os.environ else root) / "ground"
    folder.mkdir(exist_ok=True)
    ground = Ground(folder, only)
    with (folder / "lock").open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        ready = folder / f"ready_{len(only)}"
        if not ready.exists():
            ground.prepare()
            ready.touch()
    return ground


@pytest.fixture(scope="session")
def one_return(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return _ground(tmp_path_factory, ONE_RETURN)


@pytest.fixture(scope="session")
def whole_road(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return _ground(tmp_path_factory, ())


@pytest.fixture
def make_trial(
    tmp_path: Path, request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> Callable[[Ground], Trial]:
    def made(ground: Ground) -> Trial:
        lake = tmp_path / "lake"
        shutil.copytree(ground.before, lake)
        named = request.node.name.removeprefix("test_").replace("_", " ")
        return Trial(ground, lake, record_property, named)

    return made


@pytest.fixture
def trial(make_trial: Callable[[Ground], Trial], one_return: Ground) -> Iterator[Trial]:
    """A fresh copy of the lake after the first run, for the road of one return."""
    made = make_trial(one_return)
    yield made
    shutil.rmtree(made.lake, ignore_errors=True)
