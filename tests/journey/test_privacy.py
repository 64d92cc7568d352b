"""What names a person stops where it must: identifiers leave staging in one model, and nothing tells them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import duckdb
import polars as pl
from walking import Walk

from orchestration.extracts.profile import load_profile

LATER_SCHEMAS = ("core", "aggregates", "returns", "quality")
# The file that hands identifiers over, by the law that asks for it.
MAY_NAME_PEOPLE = {"ret_cld__file", "ret_asc_wds__staff", "ret_asc_wds__training"}
# The address of a location is no secret, but where people live there it is theirs too.
MAY_NAME_PEOPLE |= {"asc_wds__workplace", "asc_wds__workplace_context", "ret_asc_wds__workplace"}
MAY_NAME_PEOPLE |= {"ret_asc_wds__difference"}


def identifying_columns() -> dict[str, set[str]]:
    """Columns of the profile that hold what identifies a person, with the classes that have them."""
    found: dict[str, set[str]] = {}
    for record_class in load_profile().classes.values():
        for column in record_class.columns:
            if column.identifying:
                found.setdefault(column.name, set()).add(record_class.name)
    return found


def columns_after_staging(sample: Walk) -> list[tuple[str, str, str, str]]:
    return sample.query(
        "select table_schema, table_name, column_name, data_type from information_schema.columns"
        f" where table_schema in {LATER_SCHEMAS} order by all"
    )


def values_of(sample: Walk, *names: str) -> set[str]:
    """Every value the sample holds in the given identifying columns."""
    values: set[str] = set()
    for column, classes in identifying_columns().items():
        if column in names:
            for record_class in classes:
                values |= {
                    v for (v,) in sample.query(f'select distinct "{column}" from raw."{record_class}"')
                }
    return {v for v in values if v}


def test_no_identifying_column_goes_further_than_staging(sample: Walk) -> None:
    identifying = set(identifying_columns()) - {"date_of_birth"}
    assert "nhs_number" in identifying
    found = {
        f"{table}.{column}"
        for _, table, column, _ in columns_after_staging(sample)
        if column in identifying and table not in MAY_NAME_PEOPLE
    }
    assert found == set()


def test_a_birth_date_goes_no_further_than_core(sample: Walk) -> None:
    found = {
        f"{table}.{column}"
        for schema, table, column, _ in columns_after_staging(sample)
        if "birth" in column and schema != "core" and table not in MAY_NAME_PEOPLE
        and not column.startswith("has_")
    }  # fmt: skip
    assert found == set()


# A family name that is an ethnic group of the 2001 census list too: as a group it names nobody. People whose
# names are no word of any list are looked for in test_planted_people.py.
WORDS_OF_LISTS = {"White"}


def test_no_number_name_or_postcode_of_anyone_is_in_a_later_table(sample: Walk) -> None:
    tell_tale = values_of(sample, "nhs_number", "last_name", "person_family_name", "family_name", "postcode")
    assert len(tell_tale) > 300
    tell_tale |= values_of(sample, "ninumber", "displayid")
    tell_tale -= WORDS_OF_LISTS
    texts: dict[str, list[str]] = {}
    for schema, table, column, type_ in columns_after_staging(sample):
        if type_ == "VARCHAR":
            texts.setdefault(f'{schema}."{table}"', []).append(column)
    naming = set()
    with duckdb.connect(str(sample.warehouse), read_only=True) as connection:
        connection.register("tell_tale", pl.DataFrame({"value": sorted(tell_tale)}))
        for table, columns in texts.items():
            named = ", ".join(f'bool_or("{column}" in (from tell_tale))' for column in columns)
            flags = connection.execute(f"select {named} from {table}").fetchone() or ()
            if any(flags):
                naming.add(table.split('"')[1])
    assert naming <= MAY_NAME_PEOPLE
    assert {"ret_cld__file", "ret_asc_wds__staff"} <= naming, "what is there was not found"


def texts_of(file: Path) -> Iterator[bytes]:
    """What a file says: itself, or the parts of a workbook."""
    if file.suffix == ".xlsx":
        with ZipFile(file) as book:
            yield from (book.read(name) for name in book.namelist())
    else:
        yield file.read_bytes()


def test_what_names_a_worker_is_in_the_staff_file_of_the_upload_and_nowhere_else(sample: Walk) -> None:
    named = values_of(sample, "ninumber", "displayid")
    assert len(named) > 100
    tell_tale = [value.encode() for value in named]
    lake = sample.settings.lake
    told = [file for part in ("packs", "site", "confirmations") for file in lake.glob(f"{part}/**/*")]
    told += [*lake.glob("**/receipt.json"), *lake.glob("**/*.log")]
    assert len(told) > 100
    naming = {
        file.name
        for file in told
        if file.is_file() and any(value in text for text in texts_of(file) for value in tell_tale)
    }
    assert naming == {"asc_wds_staff.csv"}
    assert [value for value in named if value in "\n".join(sample.told)] == []


def test_nothing_that_was_told_names_anyone(sample: Walk) -> None:
    told = "\n".join(sample.told)
    said = [v for v in values_of(sample, "nhs_number") if v in told]
    assert said == []
    lake = sample.settings.lake
    numbers = [v.encode() for v in values_of(sample, "nhs_number")]
    for name in ("manifest.json", "data_quality.csv", "failing_rows.csv", "figures.csv", "membership.csv"):
        for file in lake.glob(f"packs/**/{name}"):
            content = file.read_bytes()
            assert not any(n in content for n in numbers), file.name
