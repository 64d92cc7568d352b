"""Reading the container image's definition: its instructions, and the files of this project it holds."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import yaml
from units import DEPLOY

from orchestration.settings import PROJECT

CONTAINER = DEPLOY / "container"
DOCKERFILE = CONTAINER / "Dockerfile"
COMPOSE = CONTAINER / "compose.yaml"


def instructions(text: str | None = None) -> list[tuple[str, str]]:
    """Each instruction of the Dockerfile with what follows it, in order."""
    text = DOCKERFILE.read_text(encoding="utf-8") if text is None else text
    lines = re.sub(r"\\\n", " ", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)).splitlines()
    return [
        (word, " ".join(rest.split())) for word, _, rest in (line.partition(" ") for line in lines) if word
    ]


def values_of(word: str) -> list[str]:
    return [value for found, value in instructions() if found == word]


def copies() -> list[tuple[str, str]]:
    """What is copied into the image, and where to, both from the root of the project."""
    lines = [shlex.split(value) for value in values_of("COPY")]
    return [(source, line[-1]) for line in lines for source in line[:-1]]


def project_files(source: str) -> list[Path]:
    """The files of the project below a path, without what is made and never committed."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", source],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [Path(name) for name in listed.split("\0") if name and (PROJECT / name).is_file()]


def lay_out(folder: Path) -> None:
    """Put what the image holds of this project into a folder, as its /opt/returns."""
    for source, target in copies():
        for file in project_files(source):
            there = Path(target) / (file.name if target.endswith("/") else file.relative_to(source))
            (folder / there).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(PROJECT / file, folder / there)


def compose() -> dict[str, Any]:
    read = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
    assert isinstance(read, dict)
    return read


def health_check(service: str) -> list[str]:
    """The command that says whether a service lives: the compose file's own, or the image's."""
    own = compose()["services"][service].get("healthcheck")
    words = own["test"][1:] if own else json.loads(values_of("HEALTHCHECK")[0].split(" CMD ")[1])
    return [str(word) for word in words]
