"""What a person is told of a full or closed disk and of a damaged file: the place, the reason, what to do."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import duckdb
import pytest

from orchestration.plain_words import plain_words


def told_of(query: str) -> str:
    with duckdb.connect() as connection:
        try:
            connection.execute(query).fetchall()
        except duckdb.Error as error:
            return plain_words(error)
    raise AssertionError("the query could be made")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_disk_is_named_with_what_to_do(number: int) -> None:
    told = plain_words(OSError(number, os.strerror(number), "/lake/packs/figures.csv"))
    assert told.startswith("/lake/packs/figures.csv cannot be written: ")
    assert "Make room there" in told and "run the same command again" in told


def test_a_folder_that_may_not_be_written_is_named_with_what_to_do() -> None:
    told = plain_words(PermissionError(errno.EACCES, os.strerror(errno.EACCES), "/lake/locks"))
    assert told.startswith("/lake/locks cannot be written: permission denied. Make the folder writable")


def test_a_full_disk_that_an_engine_met_is_told_alike(tmp_path: Path) -> None:
    error = duckdb.IOException(f'IO Error: Could not write file "{tmp_path}/a.tmp": No space left on device')
    assert plain_words(error).startswith(f"{tmp_path}/a.tmp cannot be written: no space left on device.")


@pytest.mark.parametrize("content", [b"", b"PAR1 and no more of it"])
def test_a_damaged_file_is_named_with_the_command_that_heals_it(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "link.parquet"
    file.write_bytes(content)
    told = told_of(f"select * from read_parquet('{file}')")
    assert told.startswith(f"{file} cannot be read: it is damaged or only half there. `returns run`")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    told = told_of(f"select * from read_parquet('{tmp_path}/link.parquet')")
    assert told.startswith(f"{tmp_path}/link.parquet cannot be read: it is not there.")


def test_an_engines_word_on_a_value_is_not_repeated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    told = told_of("select 'Somebody'::date")
    assert "This should not have happened" in told
    assert "Somebody" not in told


def test_without_a_place_for_details_the_words_are_still_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("tempfile.NamedTemporaryFile", full)
    told = plain_words(RuntimeError("Somebody"))
    assert told.endswith("could not be written down: no space left on device.")
    assert "Somebody" not in told
