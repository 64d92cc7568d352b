"""The lake of a client that ran once, what a second run makes of it, and the table of faults at the end."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from runs import ONE_RETURN
from trials import ASKED_FOR, Ground, Trial


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
        terminalreporter.write_line(f"    first run: {row.get('first run', 'see the failure')}")
        terminalreporter.write_line(f"    rerun:     {row.get('rerun', 'see the failure')}")


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
def the_long_part() -> None:
    if ASKED_FOR != "all":
        pytest.skip("only make test-faults runs all of these")


@pytest.fixture(scope="session")
def seconds_of_a_run(one_return: Ground) -> float:
    return float((one_return.folder / "seconds").read_text(encoding="ascii"))


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
