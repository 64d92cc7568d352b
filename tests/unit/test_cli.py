"""The command ends in plain words and an exit code, whatever happens."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from orchestration import cli, run
from orchestration.narrator import Narrator
from orchestration.settings import DEFAULT_CLIENTS, PROJECT, SAMPLE, SettingsError, load_settings

FAULTY = SAMPLE.with_name("faulty")


def returns(*words: str) -> Result:
    return CliRunner().invoke(cli.app, list(words))


def whole_command(*words: str) -> subprocess.CompletedProcess[str]:
    call = [sys.executable, "-c", "from orchestration.cli import main; main()", *words]
    return subprocess.run(call, cwd=PROJECT, capture_output=True, text=True, check=False)


def test_a_clean_extract_ends_with_0_and_its_json_says_so() -> None:
    result = returns("check", str(SAMPLE / "harbour_homes"), "--json")
    assert result.exit_code == 0
    assert json.loads(result.output)["usable"] is True


def test_an_extract_with_errors_ends_with_1_and_an_unusable_one_with_2() -> None:
    assert returns("check", str(FAULTY / "incident_bad_date")).exit_code == 1
    assert returns("check", str(FAULTY / "manifest_not_json")).exit_code == 2


def test_made_extracts_tell_the_next_command(tmp_path: Path) -> None:
    out = tmp_path / "made"
    result = returns("synthesise", "--out", str(out), "--people", "20", "--providers", "1")
    assert result.exit_code == 0
    assert f"Next: returns run --clients {out / 'clients.toml'} --extracts {out}" in " ".join(
        result.output.split()
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("run", "--clients", "nowhere.toml"), "there is no clients file nowhere.toml"),
        (("run", "--client", "nobody"), "has no client 'nobody'"),
        (("run", "--as-at", "yesterday"), "is not a date"),
        (("run", "--period", "2026-13"), "must look like 2026-10"),
        (("explain", "cell", "nowhere", "occupied"), "is not a pack"),
        (("explain", "person", "0" * 24, "--lake", "/nowhere"), "no person index"),
        (("synthesise", "--out", str(PROJECT)), "is not empty"),
    ],
)
def test_a_mistake_is_told_in_plain_words(words: tuple[str, ...], said: str) -> None:
    ended = whole_command(*words)
    assert ended.returncode == 2
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr


def test_an_unexpected_error_tells_the_place_and_no_value(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def breaks() -> None:
        raise ValueError("could not convert 'Somebody' to a date")

    monkeypatch.setattr(cli, "app", breaks)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    said = capsys.readouterr().err
    (details,) = tmp_path.iterdir()
    assert "This should not have happened (ValueError)" in said
    assert str(details) in said
    written = details.read_text(encoding="utf-8")
    assert "breaks" in written
    assert "Somebody" not in said + written


def test_help_is_quick_to_come() -> None:
    heavy = {"dagster", "duckdb", "polars", "great_expectations", "dbt"}
    code = "import sys, orchestration.cli; print(*{m.split('.')[0] for m in sys.modules})"
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert heavy & set(ended.stdout.split()) == set()


def test_a_run_without_an_extract_of_the_client_says_so(tmp_path: Path) -> None:
    settings = load_settings(tmp_path / "lake", DEFAULT_CLIENTS, tmp_path, {})
    with pytest.raises(Exception, match="there is no extract for client 'northmere'"):
        run.run_road(settings, None, None, None, quiet=True)


def test_real_people_need_a_key_before_anything_is_read(tmp_path: Path) -> None:
    clients = tmp_path / "clients.toml"
    text = DEFAULT_CLIENTS.read_text(encoding="utf-8").replace("synthetic = true", "synthetic = false")
    clients.write_text(text, encoding="utf-8")
    settings = load_settings(tmp_path / "lake", clients, SAMPLE, {})
    with pytest.raises(SettingsError, match="RETURNS_PERSON_KEY_FILE"):
        run.run_road(settings, None, "2026-10", date(2026, 10, 12), quiet=True)
    assert not (tmp_path / "lake").exists()


def test_the_step_that_failed_is_what_is_told() -> None:
    narrator = Narrator()
    with pytest.raises(RuntimeError), narrator.step("Building the warehouse"):
        raise RuntimeError("no room")
    assert str(narrator.failure) == "no room"
