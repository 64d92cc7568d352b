"""People whose every value is unmistakable, and a search of every byte for any of them."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import duckdb

# Made up so that no word, code, key or hash holds any of them. One list per column.
PLANTED = {
    "given_name": ["Xqwyllgiv", "Xqwyllgvi", "Zhbertgiv", "Vqxorgiv"],
    "family_name": ["Quonkfamz", "Quonkfmaz", "Brhynfamz", "Vqxorfamz"],
    "former_family_name": ["Wrexformq"],
    "preferred_name": ["Jyxprefq"],
    "nhs_number": ["9990000018", "9990000026", "9990000034", "9990000042"],
    "date_of_birth": ["1903-07-19", "1903-07-29", "1911-12-23"],
    "deceased_date": ["2025-03-17"],
    "postcode": ["ZQ97 3XJ", "ZQ96 8XV"],
    "address_line": ["77 Zyxadr Qway", "41 Vqxadr Qend"],
    "other_identifier": ["OIDQX4471"],
    "extra_trade": ["trdQxsmith", "trdQxwright"],
    "answer": [
        "Wqansfam",
        "Wqansgiv",
        "Wqmidgiv",
        "9 Wqansadr Row",
        "ZQ95 1WX",
        "07700901777",
        "wq@ansmail.example",
    ],
}


def written_forms(value: str) -> set[str]:
    """Return a value as it may be written: as sent, without blanks, a date in other orders."""
    forms = {value, re.sub(r"[^A-Za-z0-9]", "", value)}
    if match := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", value):
        year, month, day = match.groups()
        forms |= {f"{day}/{month}/{year}", f"{day}-{month}-{year}", f"{day}.{month}.{year}"}
    if re.fullmatch(r"\d{10}", value):
        forms |= {f"{value[:3]} {value[3:6]} {value[6:]}", f"{value[:3]}-{value[3:6]}-{value[6:]}"}
    return {form.lower() for form in forms}


def _tables_of(path: Path) -> Iterator[str]:
    """Yield every value of a Parquet or DuckDB file as text, for their bytes may be compressed."""
    name = str(path).replace("'", "''")
    with duckdb.connect() as connection:
        if path.suffix == ".parquet":
            sources = [f"read_parquet('{name}')"]
        else:
            connection.execute(f"attach '{name}' as held (read_only)")
            found = connection.execute(
                "select schema_name, table_name from duckdb_tables() where database_name = 'held'"
            ).fetchall()
            sources = [f'held."{schema}"."{table}"' for schema, table in found]
        for source in sources:
            for row in connection.execute(f"select * from {source}").fetchall():
                yield "\n".join(str(cell) for cell in row)


def text_of(path: Path) -> str:
    """Return all a file says: its bytes, and what is in it where it is a table or an archive."""
    content = path.read_bytes()
    parts = [content.decode("utf-8", "replace"), content.decode("utf-16-le", "ignore")]
    if path.suffix in (".parquet", ".duckdb"):
        parts += _tables_of(path)
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts += [archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
    return "\n".join(parts).lower()


def found_in(text: str, *, but: frozenset[str] = frozenset()) -> set[str]:
    """Return which planted values a text holds in any written form, save those of the columns allowed."""
    text = text.lower()
    return {
        value
        for column, values in PLANTED.items()
        if column not in but
        for value in values
        if any(form in text for form in written_forms(value))
    }


def write_csv(path: Path, rows: list[dict[str, str]]) -> Path:
    """Write rows as CSV under the columns any of them has."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path
