"""A client's index that grows extract by extract, and what it says after each run."""

from __future__ import annotations

from pathlib import Path

import duckdb

from orchestration.identity.index import IndexSummary, build_person_index
from tests.unit.identity.small_lake import load_rows

CLIENT = "oakshire"
SECRET = "a secret for tests, long enough"
OTHER_SECRET = "another secret for tests, long enough"
PEOPLE = "uid | v | person | number | given | family | born | sex | postcode | address"
ROWS = "uid | v | la_person | number | first_name | last_name | born | gender | postcode | started"
ANSWERS = "record | asked | code | answered | step | family_name | given_name | born | postcode"
# Forty people whom nothing reaches.
FILLER = "\n".join(
    f"x{i} | 1 | x{i} | | Wilfreda{chr(97 + i % 26)} | Nightbloom{chr(97 + i % 26)}{chr(97 + i // 26)} "
    f"| {1920 + i}-05-06 | 2 | ZQ2 {i % 10}AA | {i} Long Street"
    for i in range(40)
)
MARGARETTA = "u1 | 1 | p1 | 9990000018 | Margaretta | Quillfeather | 1940-02-13 | 2 | ZQ1 1AA | 1 Fen Road"
LEOFRIC = "u2 | 1 | p2 | | Leofric | Ashbottom | 1951-09-30 | 1 | ZQ1 1AB | 2 Fen Road"
OTTOLINE = "u3 | 1 | p3 | | Ottoline | Brackwater | 1937-05-06 | 2 | ZQ1 1AC | 3 Fen Road"


class GrowingIndex:
    """A client's lake: extracts come one by one, and the index is built after each."""

    def __init__(self, lake: Path) -> None:
        self.lake = lake

    def provider(self, extract: str, *rows: str, sender: str = "fern_care", day: str = "2026-10-01") -> None:
        """Load an extract of people as a provider knows them."""
        text = "\n".join([PEOPLE, *rows])
        load_rows(self.lake, CLIENT, sender, extract, "subject_of_care", text, day)

    def council(self, extract: str, *rows: str, day: str = "2026-10-01") -> None:
        """Load an extract of a council's service rows."""
        text = "\n".join([ROWS, *rows])
        load_rows(self.lake, CLIENT, "oakshire_council", extract, "cld_service", text, day)

    def answers(self, extract: str, *rows: str, day: str = "2026-10-01") -> None:
        """Load an extract of trace answers."""
        text = "\n".join([ANSWERS, *rows])
        load_rows(self.lake, CLIENT, "tracing", extract, "trace_response", text, day)

    def build(self, secret: str = SECRET, threads: int = 1) -> IndexSummary:
        """Build the index from what is loaded."""
        return build_person_index(
            CLIENT, self.lake, synthetic=True, key=secret, threads=threads, memory_limit="500MB"
        )

    @property
    def folder(self) -> Path:
        """The restricted folder of the index."""
        return self.lake / "identity" / CLIENT

    def ask(self, table: str, columns: str) -> list[tuple]:
        """Columns of a table of the index, in order."""
        file = self.folder / f"{table}.parquet"
        return duckdb.sql(f"select {columns} from '{file}' order by all").fetchall()

    def people(self) -> dict[str, str]:
        """Each record's person."""
        return dict(self.ask("link", "person_record_key, person_key"))

    def groups(self) -> set[frozenset[str]]:
        """The records of each person, whatever the key."""
        found: dict[str, set[str]] = {}
        for record, person in self.people().items():
            found.setdefault(person, set()).add(record)
        return {frozenset(records) for records in found.values()}

    def details(self) -> dict[frozenset[str], list[tuple]]:
        """What is said of each person, by their records: all of the index but keys and evidence."""
        link = f"(from '{self.folder}/link.parquet')"
        told = " union all ".join(
            f"select person_key, '{table}' as told, {row}::varchar as what "
            f"from '{self.folder}/{table}.parquet' as t"
            for table, row in {
                "person": "row(t.person_kind, t.birth_date, t.death_date, t.death_source, t.records)",
                "person_identifier": "row(t.nhs_number, t.number_state)",
                "conflict": "row(t.field, t.different_values, t.values_seen)",
            }.items()
        )
        told += (
            " union all select l.person_key, 'asked', row(r.person_record_key, r.stage, r.reason)::varchar "
            f"from '{self.folder}/review.parquet' as r join {link} as l using (person_record_key)"
            " union all select l.person_key, 'aside', q::varchar "
            f"from '{self.folder}/number_quarantine.parquet' as q join {link} as l using (person_record_key)"
            " union all select person_key, 'link', row(person_record_key, rule, number_state)::varchar "
            f"from {link}"
        )
        rows = duckdb.sql(
            f"select records, told, what from ({told}) join (select person_key, "
            f"list(person_record_key order by person_record_key) as records from {link} group by 1) "
            "using (person_key) order by all"
        ).fetchall()
        found: dict[frozenset[str], list[tuple]] = {}
        for records, *what in rows:
            found.setdefault(frozenset(records), []).append(tuple(what))
        return found

    def contents(self) -> dict[str, bytes]:
        """Every file of the index."""
        return {path.name: path.read_bytes() for path in self.folder.iterdir()}
