"""What every fault starts from, and the trial of a lake under one: what must stand, and how it must end."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

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
from runs import Fault, Said, run

# `all`, or `short` for what continuous integration has time for; otherwise no fault is met.
ASKED_FOR = os.environ.get("RETURNS_TEST_FAULTS", "")


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
            (self.folder / "seconds").write_text(f"{said.seconds}", encoding="ascii")


@dataclass
class Trial:
    """One lake for one fault."""

    ground: Ground
    lake: Path
    note: Callable[[str, object], None]
    fault: str

    def disturbed(
        self, fault: Fault | None = None, extracts: Path | None = None, spoiled: Path | None = None
    ) -> Said:
        """Make the second run under a fault; the packs of the first must stand, whatever becomes of it."""
        said = run(
            self.lake, self.ground.clients, extracts or self.ground.extracts, fault, only=self.ground.only
        )
        self.check_first(said, spoiled)
        return said

    def again(self) -> Said:
        """Run once more and return what the run said."""
        return run(self.lake, self.ground.clients, self.ground.extracts, only=self.ground.only)

    def check_first(self, said: Said, spoiled: Path | None = None) -> None:
        """Note what the disturbed run said and hold it to plain words and whole packs."""
        self.note("fault", self.fault)
        self.note("first run", said.words.replace(f"{self.lake}", "LAKE"))
        self.check_words(said)
        before = packs_in(files_of(self.ground.before))
        after = files_of(self.lake)
        assert before
        assert {name: after.get(name) for name in before} == before, "old packs were touched"
        assert [path for path in broken_packs(self.lake) if path != f"{spoiled}"] == []

    def check_words(self, said: Said) -> None:
        """A person is told in plain words and nobody is named."""
        words = said.words + said.printed
        assert "Traceback" not in words
        assert "should not have happened" not in words
        assert [value for value in identifiers() if value in words] == []

    def rerun(self) -> Said:
        """Run again, undisturbed: nothing may be lost or doubled, and all must be as if nothing had been."""
        said = self.again()
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
