"""The repository keeps its promises: whole return folders, true documentation, nobody's real number."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

from orchestration.cli import app
from orchestration.returns.definition_checks import mistakes_in, models_near
from orchestration.returns.definitions import return_folders
from orchestration.settings import PROJECT

# Zeros are what PDS answers when it knows nobody; the other is the example of public documentation.
NUMBERS_OF_NOBODY = {"0000000000", "9000000009"}
NUMBER = re.compile(rb"(?<![0-9A-Za-z])(\d{3}[ -]?\d{3}[ -]?\d{4})(?![0-9A-Za-z])")
COMMAND = re.compile(
    r"(?:^|[\s`/(])(?P<tool>returns|make) (?P<words>[a-z][a-z-]*(?: [a-z][a-z-]*(?=\s|$))?)", re.MULTILINE
)


@cache
def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout
    return [PROJECT / name for name in listed.split("\0") if name and (PROJECT / name).is_file()]


@pytest.mark.parametrize("folder", return_folders().values(), ids=lambda f: f.name)
def test_a_return_folder_is_whole(folder: Path) -> None:
    assert mistakes_in(folder, models_near(folder)) == []
    assert any((folder / "models").glob("*.sql"))
    assert (folder / "layout" / "layout.toml").is_file()
    examples = sorted((folder / "examples").glob("*/run.toml"))
    assert examples
    assert [e.parent.name for e in examples if not any((e.parent / "expected").glob("*.csv"))] == []


def commands() -> set[str]:
    groups = {group.name: group.typer_instance for group in app.registered_groups}
    own = {c.name or c.callback.__name__ for c in app.registered_commands if c.callback}
    nested = {
        f"{name} {c.name or c.callback.__name__}"
        for name, group in groups.items()
        if group
        for c in group.registered_commands
        if c.callback
    }
    return own | {str(g) for g in groups} | nested


def make_targets() -> set[str]:
    text = (PROJECT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z-]+):.*## ", text, re.MULTILINE))


def code_in(text: str) -> str:
    """What a page shows as something to type: fenced blocks and words in backticks."""
    fenced = re.findall(r"```[a-z]*\n(.*?)```", text, re.DOTALL)
    typed = [re.sub(r"\s#.*", "", block) for block in fenced]
    return "\n".join(typed + re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL)))


def unknown_commands(text: str) -> list[str]:
    known, targets, unknown = commands(), make_targets(), []
    for found in COMMAND.finditer(code_in(text)):
        first, _, second = found["words"].partition(" ")
        if found["tool"] == "make":
            good = first in targets
        else:
            grouped = any(k.startswith(first + " ") for k in known)
            # `returns link FILE` is `returns link records FILE`.
            takes_a_file = f"{first} records" in known
            good = first in known and (
                not grouped or not second or takes_a_file or f"{first} {second}" in known
            )
        if not good:
            unknown.append(found[0].strip())
    return unknown


def test_documentation_names_only_commands_that_exist() -> None:
    pages = [p for p in tracked() if p.suffix == ".md"]
    assert len(pages) > 8
    wrong = {p.name: found for p in pages if (found := unknown_commands(p.read_text(encoding="utf-8")))}
    assert wrong == {}


def test_a_command_that_does_not_exist_would_be_found() -> None:
    text = (
        "`returns run`, then\n```\n.venv/bin/returns explain everything  # make nothing\n```\nor `make tea`."
    )
    assert unknown_commands(text) == ["/returns explain everything", "make tea"]


@pytest.mark.parametrize("command", sorted(commands() - {"explain"}))
def test_every_command_shows_an_example(command: str) -> None:
    shown = CliRunner().invoke(app, [*command.split(), "--help"])
    assert shown.exit_code == 0
    assert f"Example: returns {command} " in " ".join(shown.output.split())


def test_links_between_pages_lead_somewhere() -> None:
    broken = []
    for page in [p for p in tracked() if p.suffix == ".md"]:
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8")):
            if "://" not in target and not (page.parent / target).exists():
                broken.append(f"{page.name}: {target}")
    assert broken == []


def passes_the_check_digit(number: str) -> bool:
    total = sum(int(digit) * (10 - place) for place, digit in enumerate(number[:9]))
    return (11 - total % 11) % 11 == int(number[9])


def test_no_number_in_the_repository_can_be_anyones() -> None:
    found = set()
    for path in tracked():
        content = path.read_bytes()
        # A published library holds constants of its own, unchanged by us.
        if b"\0" in content or "third_party" in path.parts:
            continue
        for match in NUMBER.finditer(content):
            number = re.sub(rb"\D", b"", match[1]).decode()
            if (
                passes_the_check_digit(number)
                and not number.startswith("999")
                and number not in NUMBERS_OF_NOBODY
            ):
                found.add(path.name)
    assert sorted(found) == []


def test_no_two_test_files_share_a_name() -> None:
    names = [path.name for path in (PROJECT / "tests").rglob("test_*.py")]
    assert sorted(names) == sorted(set(names))
