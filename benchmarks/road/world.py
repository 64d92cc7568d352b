"""A made-up council's area of any size: a small world of the maker, copied with other people in it.

The maker thinks of one person at a time. For size its world of a thousand people is copied by DuckDB: in each
copy every person, record and location has another id, every person another family name, birth date, postcode
and NHS number, and every reference follows. Homes are copied with their people, so that each stays as full as
it was. The first copy is the maker's own. There is no truth for the others.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from benchmarks.linkage.maker import whole_numbers
from benchmarks.linkage.names import SYLLABLES
from orchestration.extracts.profile import RecordClass, load_profile
from orchestration.synthetic.maker import synthesise
from orchestration.synthetic.nhs_numbers import passes_check
from orchestration.synthetic.writing import sha256

BASE_PEOPLE = 1_000
PROVIDERS = 18  # with the council and the trace service: twenty extracts
NUMBERS = {"nhs_number", "req_nhs_number", "matched_nhs_no"}
FAMILY_NAMES = {"person_family_name", "person_former_family_name", "last_name", "family_name"}
IDS_IN_TEXT = {
    *("la_person_unique_identifier", "local_patient_id", "internal_id", "event_reference"),
    *("adult_1_linked_person_id", "adult_2_linked_person_id", "adult_3_linked_person_id"),
    *("provider_cqc_location_id", "predecessor_cqc_location_id"),
}
# A provider's own upload files are about its first homes only.
NOT_COPIED = "asc_wds_"

MACROS = """
create macro digits_of(number) as regexp_replace(number, '[^0-9]', '', 'g');
create macro id_of(id, k) as case
    when k = 0 or id is null then id
    when regexp_full_match(id, '1-9[0-9]{8}') then '1-' || (substr(id, 3)::bigint + k * 1000)::varchar
    else id || 'c' || k
end;
create macro ids_of(ids, k) as list_aggregate(
    list_transform(string_split(ids, '|'), lambda id: id_of(trim(id), k)), 'string_agg', '|'
);
create macro day_of(day, k) as
    try_strptime(day, ['%Y-%m-%d', '%Y%m%d']) + to_days(((k * 37) % 57)::integer - if(k = 0, 0, 28));
create macro birth_of(day, k) as if(
    contains(day, '-'), strftime(day_of(day, k), '%Y-%m-%d'), strftime(day_of(day, k), '%Y%m%d')
);
create macro letter_of(n) as substr('ABDEFGHJLNPQRSTUWXYZ', 1 + (n % 20)::integer, 1);
create macro postcode_of(code, k) as case
    when k = 0 or code is null or not contains(code, ' ') then code
    else split_part(code, ' ', 1) || ' ' || (hash(code, k) % 10)::varchar
        || letter_of(hash(code, k) // 10) || letter_of(hash(code, k) // 200)
end;
"""


def make_area(out: Path, people: int, seed: int = 1) -> Path:
    """Write the extracts of an area of about so many people and return the clients file that names it."""
    out.mkdir(parents=True)
    base = out / "base"
    synthesise(base, seed, min(people, BASE_PEOPLE), PROVIDERS, 1)
    copies = max(1, people // BASE_PEOPLE)
    with duckdb.connect() as connection:
        connection.execute("set enable_progress_bar = false")
        connection.execute(MACROS)
        extracts = sorted(manifest.parent for manifest in base.glob("*/manifest.json"))
        _name_the_copies(connection, copies)
        _number_the_people(connection, extracts, copies, seed)
        for extract in extracts:
            _copy_extract(connection, extract, out / "extracts" / extract.name, copies)
    shutil.move(base / "clients.toml", out / "clients.toml")
    shutil.rmtree(base)
    return out / "clients.toml"


def send_again(extract: Path, out: Path, *, corrected: bool = False) -> None:
    """Write an extract as its sender hands it over later: with a later as-at, and the same records.

    A corrected one lacks every fiftieth of the records that no other record names.
    """
    shutil.copytree(extract, out)
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    hour, minute = manifest["as_at"].split("T")[1].split(":")[:2]
    manifest["as_at"] = manifest["as_at"].replace(f"T{hour}:{minute}:", f"T{hour}:{int(minute) + 15}:")
    if corrected:
        classes = load_profile().classes
        named = {column.references.partition(".")[0] for one in classes.values() for column in one.columns}
        with duckdb.connect() as connection:
            for file in manifest["files"]:
                if file["class"] not in named:
                    path = out / file["path"]
                    rows = _read(path, classes[file["class"]])
                    numbered = f"select *, row_number() over () as place from {rows}"
                    kept = f"select * exclude (place) from ({numbered}) where place % 50 > 0"
                    file["rows"] = _write(connection, kept, path)
                    file["sha256"] = sha256(path)
    (out / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


def _name_the_copies(connection: duckdb.DuckDBPyConnection, copies: int) -> None:
    """Give each copy the end of its people's family names."""
    first, second, third = SYLLABLES
    ends = [
        f"{first[k % len(first)]}{second[k // len(first) % len(second)]}{third[k % len(third)]}".lower()
        for k in range(copies)
    ]
    connection.register("made", pl.DataFrame({"k": range(copies), "name_end": ["", *ends[1:]]}))
    connection.execute("create table copy as select k::bigint as k, name_end from made")


def _number_the_people(
    connection: duckdb.DuckDBPyConnection, extracts: list[Path], copies: int, seed: int
) -> None:
    """Give every NHS number of the base world one of its own in each copy, outside the test range.

    A mistyped number stays as it is: it is nobody's.
    """
    found: set[str] = set()
    for extract in extracts:
        for record_class, path in _files(extract):
            columns = _columns(connection, path, record_class)
            for header, name in columns.items():
                if name in NUMBERS:
                    rows = connection.execute(
                        f'select distinct digits_of("{header}"::varchar) from {_read(path, record_class)}'
                    )
                    found |= {number for (number,) in rows.fetchall() if number and passes_check(number)}
    numbers = whole_numbers(len(found) * copies, seed)
    frame = pl.DataFrame({"old": sorted(found)}).join(pl.DataFrame({"k": range(copies)}), how="cross")
    connection.register("made", frame.with_columns(pl.Series("new", numbers[: frame.height].tolist())))
    connection.execute("create table number as select old, k::bigint as k, new from made where k > 0")


def _files(extract: Path) -> list[tuple[RecordClass, Path]]:
    manifest = json.loads((extract / "manifest.json").read_text(encoding="utf-8"))
    classes = load_profile().classes
    return [(classes[file["class"]], extract / file["path"]) for file in manifest["files"]]


def _read(path: Path, record_class: RecordClass) -> str:
    if path.suffix == ".csv":
        return (
            f"read_csv('{path}', all_varchar = true, header = true, delim = ',', quote = '\"', escape = '\"')"
        )
    if path.suffix == ".parquet":
        return f"read_parquet('{path}')"
    types = {c.name: "bigint" if c.type == "integer" else "varchar" for c in record_class.columns}
    with path.open(encoding="utf-8") as lines:
        used = {name for line in lines for name in json.loads(line)}
    columns = ", ".join(f"'{name}': '{type_}'" for name, type_ in types.items() if name in used)
    return f"read_json('{path}', format = 'newline_delimited', columns = {{{columns}}})"


def _columns(connection: duckdb.DuckDBPyConnection, path: Path, record_class: RecordClass) -> dict[str, str]:
    """The headers of a file with the column of the profile that each is."""
    headers = connection.execute(f"describe select * from {_read(path, record_class)}").fetchall()
    known = {header: record_class.column_for(header) for header, *_ in headers}
    return {header: column.name if column else "" for header, column in known.items()}


def _copy_extract(connection: duckdb.DuckDBPyConnection, extract: Path, out: Path, copies: int) -> None:
    out.mkdir(parents=True)
    manifest: dict[str, Any] = json.loads((extract / "manifest.json").read_text(encoding="utf-8"))
    for file, (record_class, path) in zip(manifest["files"], _files(extract), strict=True):
        target = out / file["path"]
        if record_class.name.startswith(NOT_COPIED) or copies == 1:
            shutil.copyfile(path, target)
        else:
            file["rows"] = _copy_file(connection, record_class, path, target)
        file["sha256"] = sha256(target)
    (out / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


def _copy_file(
    connection: duckdb.DuckDBPyConnection, record_class: RecordClass, path: Path, target: Path
) -> int:
    columns = _columns(connection, path, record_class)
    types = {column.name: column.type for column in record_class.columns}
    joins = [
        f'left join number as "n_{header}" '
        f'on digits_of(file."{header}") = "n_{header}".old and copy.k = "n_{header}".k'
        for header, name in columns.items()
        if name in NUMBERS
    ]
    chosen = ", ".join(f'{_in_copy(header, name, types)} as "{header}"' for header, name in columns.items())
    return _write(
        connection,
        f"select {chosen} from {_read(path, record_class)} as file cross join copy {' '.join(joins)}",
        target,
    )


def _write(connection: duckdb.DuckDBPyConnection, rows: str, target: Path) -> int:
    """Write rows in the form of a file's ending, in place of what is there, and return how many there are."""
    form = {
        ".csv": "format csv, header, quote '\"', escape '\"'",
        ".ndjson": "format json",
        ".parquet": "format parquet, compression zstd",
    }[target.suffix]
    beside = target.with_name(f"{target.stem}.new{target.suffix}")
    row = connection.execute(f"copy ({rows}) to '{beside}' ({form})").fetchone()
    beside.replace(target)
    return int(row[0]) if row else 0


def _in_copy(header: str, name: str, types: Mapping[str, str]) -> str:
    """SQL of a column's value in a copy of the world."""
    value = f'file."{header}"'
    if name in NUMBERS:
        return f'coalesce("n_{header}".new, {value})'
    if name in FAMILY_NAMES:
        return f"{value} || copy.name_end"
    if name == "date_of_birth":
        shifted = f"birth_of({value}::varchar, copy.k)"
        return f"{shifted}::date" if types[name] == "date" and header == name else shifted
    if types.get(name) == "postcode" or name == "postcode":
        return f"postcode_of({value}, copy.k)"
    if types.get(name) in ("key", "reference") or name in IDS_IN_TEXT:
        return f"ids_of({value}, copy.k)"
    return value
