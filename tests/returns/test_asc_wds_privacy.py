"""What names a worker goes from the provider's file into the staff file to upload, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.returns.asc_wds_uploads import Upload, build_uploads, location_of, tell_all
from tests.returns.example_warehouse import query
from tests.returns.test_asc_wds_validator import upload

PLANTED = {
    "DISPLAYID": "Zoltan Quartermain",
    "NINUMBER": "QQ998877D",
    "POSTCODE": "ZY9 9ZZ",
    "DOB": "29/02/1968",
    "QUALACH01NOTES": "Told by her husband Peregrine",
}
# The same values, each spoilt so that a rule speaks of it.
SPOILT = {
    "DISPLAYID": "Zoltan Quartermain " * 3,
    "NINUMBER": "QQ998877D-not",
    "POSTCODE": "ZY9 9ZZ and more",
    "DOB": "29/02/1968 or so",
    "QUALACH01NOTES": "Told by her husband Peregrine " * 6,
    "CHGUNIQUEWRKID": "zoltan.quartermain" * 4,
}
TELL_TALE = ("oltan", "QQ998877D", "ZY9 9ZZ", "29/02/1968", "1968-02-29", "Peregrine")
LATER = ("core", "aggregates", "returns", "quality")


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    uploads = []
    for number, values in enumerate((PLANTED, SPOILT)):
        pages = upload()
        pages["workplace"][0]["LOCATIONID"] = location_of(number)
        pages["staff"][0] |= values
        uploads.append(Upload(pages))
    scratch = tmp_path_factory.mktemp("named")
    return build_uploads(uploads, scratch), scratch


def test_only_the_staff_file_to_upload_holds_what_names_a_worker(warehouse: tuple[Path, Path]) -> None:
    file, _ = warehouse
    columns = query(
        file,
        "select table_schema || '.\"' || table_name || '\"' as place, column_name as name "
        f"from information_schema.columns where table_schema in {LATER}",
    )
    tables: dict[str, list[str]] = {}
    for column in columns:
        tables.setdefault(str(column["place"]), []).append(str(column["name"]))
    naming = set()
    with duckdb.connect(str(file), read_only=True) as connection:
        for table, names in tables.items():
            text = "concat_ws('~', " + ", ".join(f'cast("{name}" as varchar)' for name in names) + ")"
            told = " or ".join(f"contains({text}, '{word}')" for word in TELL_TALE)
            if connection.execute(f"select bool_or({told}) from {table}").fetchone() == (True,):
                naming.add(table)
    assert naming == {'returns."ret_asc_wds__staff"'}


def test_the_pack_has_them_where_the_layout_asks_for_them(warehouse: tuple[Path, Path]) -> None:
    file, scratch = warehouse
    sound, spoilt = tell_all(file, 2, scratch)
    assert {name: sound.written["staff"][0][name] for name in PLANTED} == PLANTED
    assert sound.reported == set()
    broken = {rule for rule, _, _ in spoilt.reported}
    assert broken >= {f"staff.{name.lower()}_{kind}" for name, kind in (
        ("DISPLAYID", "max"), ("NINUMBER", "pattern"), ("POSTCODE", "pattern"), ("DOB", "date"),
        ("QUALACH01NOTES", "max"), ("CHGUNIQUEWRKID", "max"),
    )}  # fmt: skip
