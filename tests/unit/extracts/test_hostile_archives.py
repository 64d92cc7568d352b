"""A folder or zip made to do harm is refused, in bounded time and memory."""

from __future__ import annotations

import io
import os
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from orchestration.extracts import limits
from orchestration.extracts.archive import open_source
from orchestration.extracts.check import check
from orchestration.extracts.csv_scan import scan_csv
from orchestration.extracts.problems import Refused
from tests.unit.extracts.tiny_extract import ALERT, csv_bytes, provider


def zipped(
    path: Path, *members: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED
) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path


def linked(name: str, mode: int) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name)
    made.create_system = 3
    made.external_attr = mode << 16
    return made


def refusal(path: Path) -> str:
    with pytest.raises(Refused) as refused, open_source(path):
        pass
    return refused.value.rule_id


@pytest.mark.parametrize(
    ("name", "rule_id"),
    [
        ("../../evil.csv", "path_parent"),
        ("a/../../evil.csv", "path_parent"),
        ("/etc/passwd", "path_absolute"),
        ("C:/evil.csv", "path_absolute"),
        ("..\\evil.csv", "path_backslash"),
        ("a//b.csv", "path_bad"),
        ("a/./b.csv", "path_bad"),
        ("a\x1b]0;b.csv", "path_bad"),
        ("x" * 241, "path_bad"),
    ],
)
def test_a_member_may_not_lead_out_of_the_zip(name: str, rule_id: str, tmp_path: Path) -> None:
    assert refusal(zipped(tmp_path / "x.zip", (name, b"x"))) == rule_id


@pytest.mark.parametrize(("mode", "rule_id"), [(0o120777, "entry_link"), (0o010644, "entry_special")])
def test_links_and_pipes_in_a_zip_are_refused(mode: int, rule_id: str, tmp_path: Path) -> None:
    assert refusal(zipped(tmp_path / "x.zip", (linked("manifest.json", mode), b"/etc/passwd"))) == rule_id


def test_a_name_that_hides_its_end_behind_a_nul_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", ("service.csvX.exe", b"x"))
    path.write_bytes(path.read_bytes().replace(b"csvX", b"csv\0"))
    assert refusal(path) == "path_bad"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_may_occur_once(tmp_path: Path) -> None:
    assert refusal(zipped(tmp_path / "x.zip", ("a.csv", b"1"), ("a.csv", b"2"))) == "entry_duplicate"


@pytest.mark.parametrize("other", ["A.CSV", "A.csv"])
def test_names_may_not_differ_in_capitals_alone(other: str, tmp_path: Path) -> None:
    assert refusal(zipped(tmp_path / "x.zip", ("a.csv", b"1"), (other, b"2"))) == "entry_case"


def test_an_encrypted_zip_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", ("a.csv", b"1"))
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    path.write_bytes(data)
    assert refusal(path) == "zip_encrypted"


def test_only_the_ordinary_packing_methods_are_unpacked(tmp_path: Path) -> None:
    assert refusal(zipped(tmp_path / "x.zip", ("a.csv", b"1"), method=zipfile.ZIP_LZMA)) == "zip_method"


@pytest.mark.parametrize(
    ("content", "rule_id"),
    [
        (b"", "extract_empty"),
        (b"this is a letter", "not_a_zip"),
        (b"7z\xbc\xaf\x27\x1c" + b"\0" * 50, "not_a_zip"),
        (b"PK\x03\x04 and then nothing", "zip_broken"),
        (b"PK\x05\x06" + b"\0" * 18, "extract_empty"),
        (b"PK\x05\x06" + b"\xff" * 18, "zip_broken"),
        (b"PK\x05\x06\0\0", "zip_broken"),
    ],
)
def test_a_file_that_is_no_sound_zip_is_refused(content: bytes, rule_id: str, tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(content)
    assert refusal(path) == rule_id


def test_a_zip_whose_directory_claims_gigabytes_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", ("a.csv", b"1"))
    data = bytearray(path.read_bytes())
    struct.pack_into("<L", data, data.index(b"PK\x05\x06") + 12, 0xFFFFFFF0)
    path.write_bytes(data)
    assert refusal(path) == "zip_broken"


def test_too_many_entries_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ENTRIES", 3)
    members = [(f"{i}.csv", b"") for i in range(4)]
    assert refusal(zipped(tmp_path / "x.zip", *members)) == "too_many_entries"
    for name, _ in members:
        (tmp_path / name).touch()
    assert refusal(tmp_path) == "too_many_entries"


def test_a_zip_bomb_stops_while_it_unpacks_whatever_size_it_declares(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "ZIP_RATIO_FREE_BYTES", limits.MB)
    extract = provider()
    extract.raw["care_plan.csv"] = b"record_uid\n" + b"\n" * 30_000_000
    extract.counts["care_plan.csv"] = 0
    judgement = check(extract.write_zip(tmp_path / "x.zip"))
    assert [g.rule.rule_id for g in judgement.problems] == ["zip_bomb"]
    assert judgement.exit_code == 2


def test_a_zip_may_not_unpack_beyond_the_total(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ZIP_TOTAL_BYTES", 1000)
    judgement = check(provider().write_zip(tmp_path / "x.zip"))
    assert judgement.problems[0].rule.rule_id == "extract_too_large"


def test_a_damaged_member_is_named(tmp_path: Path) -> None:
    path = provider().write_zip(tmp_path / "x.zip")
    data = bytearray(path.read_bytes())
    at = data.index(b"service.csv") + len("service.csv")
    data[at : at + 20] = b"\xff" * 20
    path.write_bytes(data)
    (group,) = check(path).problems
    assert (group.rule.rule_id, group.file) == ("zip_broken", "service.csv")


def test_a_member_that_says_it_is_smaller_than_it_is_does_not_pass(tmp_path: Path) -> None:
    path = provider().write_zip(tmp_path / "x.zip")
    data = bytearray(path.read_bytes())
    at = data.rindex(b"service.csv") - 46
    struct.pack_into("<L", data, at + 24, 10)
    path.write_bytes(data)
    judgement = check(path)
    assert judgement.exit_code == 2
    assert {g.file for g in judgement.problems} == {"service.csv"}


def test_a_zip_inside_the_zip_is_not_opened(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("../evil.csv", b"x")
    extract = provider()
    extract.extra["inner.zip"] = inner.getvalue()
    judgement = check(extract.write_zip(tmp_path / "x.zip"))
    assert [g.rule.rule_id for g in judgement.problems] == ["nested_archive"]
    assert judgement.exit_code == 0


def test_a_link_in_a_folder_is_refused(tmp_path: Path) -> None:
    folder = provider().write(tmp_path / "x")
    (folder / "alert.csv").unlink()
    (folder / "alert.csv").symlink_to("/etc/passwd")
    assert refusal(folder) == "entry_link"


def test_a_linked_folder_is_not_entered(tmp_path: Path) -> None:
    folder = provider().write(tmp_path / "x")
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    assert refusal(folder) == "entry_link"


def test_a_hard_link_in_a_folder_is_refused(tmp_path: Path) -> None:
    folder = provider().write(tmp_path / "x")
    (tmp_path / "secret").write_bytes(b"x")
    os.link(tmp_path / "secret", folder / "more.csv")
    assert refusal(folder) == "entry_link"


def test_a_pipe_in_a_folder_does_not_block(tmp_path: Path) -> None:
    folder = provider().write(tmp_path / "x")
    os.mkfifo(folder / "pipe.csv")
    assert refusal(folder) == "entry_special"


def test_folders_nested_without_end_are_refused(tmp_path: Path) -> None:
    (tmp_path / "/".join("abcdefghij")).mkdir(parents=True)
    assert refusal(tmp_path) == "path_too_deep"


def test_an_empty_folder_and_a_missing_path_are_named(tmp_path: Path) -> None:
    assert refusal(tmp_path) == "extract_empty"
    assert refusal(tmp_path / "nowhere") == "extract_missing"


def test_a_folder_that_may_not_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scandir = os.scandir

    def scandir_unless_forbidden(path: object) -> object:
        if path == tmp_path:
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", scandir_unless_forbidden)
    (group,) = check(tmp_path).problems
    assert group.rule.rule_id == "extract_unreadable"


def test_a_folder_zipped_whole_is_told_where_the_manifest_belongs(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", ("extract/manifest.json", b"{}"))
    (group,) = check(path).problems
    assert group.rule.rule_id == "manifest_missing"
    assert "not the folder around them" in group.shown[0].next_step


def test_what_desktops_leave_behind_is_not_worth_a_word(tmp_path: Path) -> None:
    extract = provider()
    extract.extra |= {"__MACOSX/._service.csv": b"x", ".DS_Store": b"x", "Thumbs.db": b"x"}
    assert check(extract.write_zip(tmp_path / "x.zip")).problems == []
    assert check(extract.write(tmp_path / "x")).problems == []


def test_a_cell_of_two_hundred_megabytes_is_refused_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "alert.csv"
    path.write_bytes(csv_bytes([ALERT]) + b'"')
    with path.open("r+b") as handle:
        handle.truncate(200 * limits.MB)
    tracemalloc.start()
    with pytest.raises(Refused) as refused:
        scan_csv(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (refused.value.rule_id, refused.value.row) == ("row_too_large", 3)
    assert peak < 40 * limits.MB
