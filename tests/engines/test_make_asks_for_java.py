"""Without Java the commands for Spark say so, before anything is fetched; the others do not ask."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
FOR_SPARK = ("setup-spark", "test-spark", "conformance-spark")


def made(tmp_path: Path, target: str, java: str | None, *options: str) -> subprocess.CompletedProcess[str]:
    """Run make with nothing on its path but a shell, grep and, where given, a java that says this."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("sh", "grep"):
        (tools / name).symlink_to(str(shutil.which(name)))
    if java:
        (tools / "java").write_text(f"#!/bin/sh\necho '{java}' >&2\n", encoding="utf-8")
        (tools / "java").chmod(0o755)
    return subprocess.run(
        [str(shutil.which("make")), "-C", str(PROJECT), *options, f"VENV={tmp_path / 'venv'}", target],
        env={"PATH": str(tools)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("target", FOR_SPARK)
def test_without_java_it_fails_and_says_what_to_install(tmp_path: Path, target: str) -> None:
    outcome = made(tmp_path, target, None)
    assert outcome.returncode != 0
    assert (
        "Spark needs Java 17, which was not found (Debian: apt-get install openjdk-17-jre" in outcome.stderr
    )
    assert not (tmp_path / "venv").exists()


def test_an_older_java_is_refused(tmp_path: Path) -> None:
    outcome = made(tmp_path, "test-spark", 'openjdk version "11.0.22" 2024-01-16')
    assert outcome.returncode != 0
    assert "Spark needs Java 17 or newer" in outcome.stderr


def test_with_java_the_environment_is_what_comes_next(tmp_path: Path) -> None:
    outcome = made(tmp_path, "test-spark", 'openjdk version "17.0.15" 2025-04-15', "PYTHON=")
    assert "Java" not in outcome.stderr
    assert "Python 3.11 or newer is needed" in outcome.stderr


def test_the_tests_of_the_project_do_not_ask_for_java(tmp_path: Path) -> None:
    outcome = made(tmp_path, "test", None, "PYTHON=")
    assert "Java" not in outcome.stderr
    assert "Python 3.11 or newer is needed" in outcome.stderr
