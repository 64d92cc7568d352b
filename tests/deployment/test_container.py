"""The container image and its compose file: what they name exists, and nothing private is inside."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml
from image import COMPOSE, CONTAINER, compose, copies, health_check, instructions, project_files, values_of
from units import DEPLOY, INSTALLED, SERVICES, command_of, environment_of, settings_file, values

from orchestration.settings import PROJECT

OURS = [name for name in compose()["services"] if name != "postgres"]
VARIABLE = re.compile(r"\$\{(\w+)")


def service(name: str) -> dict[str, Any]:
    found = compose()["services"][name]
    assert isinstance(found, dict)
    return found


def image_environment() -> dict[str, str]:
    return dict(pair.split("=", 1) for value in values_of("ENV") for pair in shlex.split(value))


def named_by_the_settings_of_dagster() -> set[str]:
    """Every variable that dagster.yaml and workspace.yaml take from the environment."""

    def walk(node: Any) -> set[str]:
        if isinstance(node, dict):
            own = {node["env"]} if isinstance(node.get("env"), str) else set()
            return own.union(*(walk(value) for value in node.values()))
        return set().union(*(walk(value) for value in node)) if isinstance(node, list) else set()

    read = [
        yaml.safe_load((DEPLOY / f).read_text(encoding="utf-8")) for f in ("dagster.yaml", "workspace.yaml")
    ]
    return walk(read)


def test_every_path_that_is_copied_exists() -> None:
    assert len(copies()) > 8
    assert [source for source, _ in copies() if not project_files(source)] == []


def test_what_is_copied_is_let_through_to_the_builder_and_nothing_else() -> None:
    lines = (CONTAINER / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    assert lines[1] == "*"
    assert {line[1:] for line in lines if line.startswith("!")} == {source for source, _ in copies()}
    assert {"**/__pycache__", "dbt_project/target"} <= set(lines)


def test_no_records_and_no_key_of_anybody_are_in_the_image() -> None:
    held = [file for source, _ in copies() for file in project_files(source)]
    samples = [file for file in held if file.parts[:2] == ("data", "samples")]
    assert samples == [Path("data/samples/demonstration_person_key.txt")]
    assert not [f for f in held if f.suffix in {".parquet", ".duckdb", ".key", ".env"} or "lake" in f.parts]
    assert not [name for name in image_environment() if re.search("PASSWORD|SECRET|POSTGRES|KEY", name)]


def test_the_image_is_hash_checked_runs_as_nobody_special_and_says_whether_it_lives() -> None:
    installs = [line for line in values_of("RUN") if "pip install" in line]
    for line in installs:
        assert "--require-hashes" in line or "--no-deps --no-build-isolation --editable ." in line
    words = [word for word, _ in instructions()]
    assert values_of("FROM") == ["python:3.11-slim"]
    assert values_of("USER") == ["returns"]
    assert words.index("USER") > max(n for n, word in enumerate(words) if word in ("RUN", "COPY"))
    assert len(values_of("HEALTHCHECK")) == 1
    assert "umask 0077" in json.loads(values_of("ENTRYPOINT")[0])[2]


@pytest.mark.parametrize("name", OURS)
def test_a_container_runs_what_the_unit_of_its_name_runs(name: str) -> None:
    assert set(OURS) == set(SERVICES)
    command = service(name)["command"]
    environment = settings_file() | environment_of(name)
    unit = command_of(name, environment)
    for before, beside in zip(values(name, "ExecStartPre"), values(name, "ExecStartPost"), strict=True):
        both = f"{before} && {{ {beside.removeprefix('-')} & exec {shlex.join(unit)}; }}"
        unit = ["/bin/sh", "-c", both]
    # Inside a container every address is the container's own.
    assert command == [{"127.0.0.1": "0.0.0.0"}.get(word, word) for word in unit]


def test_the_image_alone_runs_the_code_location() -> None:
    assert json.loads(values_of("CMD")[0]) == command_of("code", settings_file() | environment_of("code"))


@pytest.mark.parametrize("name", OURS)
def test_a_container_gets_every_variable_its_settings_name(name: str) -> None:
    given = set(service(name)["environment"]) | set(image_environment())
    wanted = named_by_the_settings_of_dagster()
    assert {"RETURNS_POSTGRES_URL", "RETURNS_CODE_SOCKET", "RETURNS_RUNS_AT_ONCE"} <= wanted
    assert wanted - given == set()


@pytest.mark.parametrize("name", SERVICES)
def test_a_unit_gets_every_variable_its_settings_name(name: str) -> None:
    assert named_by_the_settings_of_dagster() - set(environment_of(name)) - set(settings_file()) == set()


def test_only_the_code_sees_records_and_the_key() -> None:
    for name in OURS:
        mounted = {volume.split(":")[0] for volume in service(name)["volumes"]}
        sees = {"lake", "incoming"} & mounted or service(name).get("secrets")
        assert bool(sees) == (name == "code"), name


@pytest.mark.parametrize("name", OURS)
def test_a_container_is_closed_and_reached_from_this_machine_alone(name: str) -> None:
    found = service(name)
    assert found["read_only"] is True and found["cap_drop"] == ["ALL"]
    assert found["security_opt"] == ["no-new-privileges:true"]
    assert all(port.startswith("127.0.0.1:") for port in found.get("ports", []))
    assert compose()["networks"]["inside"] == {"internal": True}
    if name != "webserver":
        assert found["networks"] == ["inside"]


def test_every_volume_secret_and_network_that_is_named_is_there() -> None:
    whole = compose()
    for kind in ("volumes", "secrets", "networks"):
        used = {str(entry).split(":")[0] for s in whole["services"].values() for entry in s.get(kind, [])}
        assert used == set(whole[kind]), kind


def test_the_password_is_asked_for_and_stands_nowhere() -> None:
    text = COMPOSE.read_text(encoding="utf-8")
    offered = settings_file(CONTAINER / "server.env.example")
    assert offered["RETURNS_POSTGRES_PASSWORD"] == ""
    assert set(VARIABLE.findall(text)) == set(offered)
    assert text.count("${RETURNS_POSTGRES_PASSWORD:?") == text.count("RETURNS_POSTGRES_PASSWORD") == 2


@pytest.mark.parametrize("name", OURS)
def test_programs_of_a_container_are_installed(name: str) -> None:
    program = health_check(name)[0]
    assert program.startswith(f"{INSTALLED}/.venv/bin/")
    assert (PROJECT / program.removeprefix(f"{INSTALLED}/")).exists()
