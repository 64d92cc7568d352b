"""The systemd units: systemd can read them, they are as closed as they say, and they fit together."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from units import (
    INSTALLED,
    SERVICES,
    SHARED,
    SYSTEMD,
    command_of,
    environment_of,
    settings_file,
    unit_file,
    values,
)

from orchestration.settings import PROJECT

# Of 10, where less is better: systemd calls up to 2.0 OK. What is left is the network of the machine itself.
MOST_EXPOSED = 1.1
needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed: units are not verified"
)


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The units where systemd would look for them, pointing to the programs of this machine."""
    folder = tmp_path / "systemd"
    shutil.copytree(SYSTEMD, folder)
    for service in SERVICES:
        file = folder / unit_file(service).name
        file.write_text(file.read_text(encoding="utf-8").replace(INSTALLED, str(PROJECT)), encoding="utf-8")
    return folder


def analyse(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["systemd-analyze", *words], capture_output=True, text=True, check=False)


def verified(unit: Path) -> str:
    done = analyse("verify", "--man=no", "--recursive-errors=no", str(unit))
    return done.stdout + done.stderr


def exposure_is_low(unit: Path) -> bool:
    # The option takes tenths as whole numbers.
    return (
        analyse("security", "--offline=true", f"--threshold={MOST_EXPOSED * 10:.0f}", str(unit)).returncode
        == 0
    )


@needs_systemd
@pytest.mark.parametrize("service", SERVICES)
def test_systemd_reads_each_unit_without_a_word(installed: Path, service: str) -> None:
    assert verified(installed / unit_file(service).name) == ""


@needs_systemd
def test_a_unit_with_a_mistake_would_be_found(installed: Path) -> None:
    unit = installed / unit_file("daemon").name
    text = unit.read_text(encoding="utf-8")
    unit.write_text(
        text.replace("ExecStart=", "ExecStart=/nowhere").replace("[Install]", "Nice=mild\n[Install]")
    )
    told = verified(unit)
    assert "is not executable" in told and "nice priority" in told


@needs_systemd
@pytest.mark.parametrize("service", SERVICES)
def test_each_service_is_closed_to_all_it_does_not_need(installed: Path, service: str) -> None:
    assert exposure_is_low(installed / unit_file(service).name)


@needs_systemd
@pytest.mark.parametrize("line", ["CapabilityBoundingSet=", "User=returns", "PrivateUsers=yes"])
def test_a_service_less_closed_would_be_found(installed: Path, line: str) -> None:
    file = installed / SHARED.relative_to(SYSTEMD)
    text = file.read_text(encoding="utf-8")
    assert f"\n{line}\n" in text
    file.write_text(text.replace(f"\n{line}\n", "\n"), encoding="utf-8")
    assert not exposure_is_low(installed / unit_file("code").name)


@pytest.mark.parametrize("service", SERVICES)
def test_what_the_user_of_each_service_is_and_may(service: str) -> None:
    wanted = {
        "User": "returns", "UMask": "0077", "NoNewPrivileges": "yes", "ProtectSystem": "strict",
        "PrivateTmp": "yes", "Restart": "on-failure", "IPAddressDeny": "any",
    }  # fmt: skip
    assert {name: values(service, name) for name in wanted} == {name: [v] for name, v in wanted.items()}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_gets_every_variable_it_names_and_no_secret_from_its_unit(service: str) -> None:
    environment = settings_file() | environment_of(service)
    program = command_of(service, environment)[0]
    assert (PROJECT / program.removeprefix(f"{INSTALLED}/")).exists()
    assert values(service, "EnvironmentFile") == ["/etc/returns/server.env"]
    assert not [name for name in environment_of(service) if "PASSWORD" in name or "URL" in name]


def test_only_the_code_reads_records_and_the_key() -> None:
    assert values("code", "LoadCredential") == ["person.key:/etc/returns/person.key"]
    for service in ("daemon", "webserver"):
        assert values(service, "LoadCredential") == []
        assert values(service, "InaccessiblePaths") == ["-/var/lib/returns/lake -/var/lib/returns/incoming"]
