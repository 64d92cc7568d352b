"""The second run of a set of which one record in a hundred is new: time, memory, and whose keys stay."""

from __future__ import annotations

import resource
import time
from multiprocessing import get_context
from pathlib import Path

import duckdb
import polars as pl

ONE_IN = 100
SHOWN = (
    "second run of",
    "new records",
    "compared",
    "keys of untouched records kept",
    "untouched records",
    "records in a group that a new record joined",
    "of these, under another key",
    "groups unlike the whole run",
    "whole run, seconds",
    "seconds",
    "cpu_seconds",
    "peak_gb",
)


def _write_first(records: Path, trace: Path, folder: Path) -> None:
    """Write the set without every hundredth record, and the answers about the rest."""
    is_old = pl.col("record_id").str.to_integer() % ONE_IN != 0
    pl.read_parquet(records).filter(is_old).write_parquet(folder / "records.parquet")
    answers = pl.read_parquet(trace).filter(pl.col("UNIQUE_REFERENCE").str.to_integer() % ONE_IN != 0)
    answers.write_parquet(folder / "trace.parquet")


def _link(records: Path, trace: Path, out: Path, previous: Path | None) -> dict[str, float]:
    from orchestration.identity.link_command import link_records

    started = time.perf_counter()
    summary = link_records(records, out, trace=trace, previous=previous, synthetic=True)
    seconds = time.perf_counter() - started
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "compared": summary.records_compared,
        "seconds": round(seconds, 1),
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 1),
        "peak_gb": round(used.ru_maxrss / 1e6, 2),
    }


def _by_itself(*given: object) -> dict[str, float]:
    """Run one link in a process of its own, so that time and memory are its own."""
    with get_context("spawn").Pool(1) as process:
        return process.apply(_link, given)


def keys_that_stay(before: Path, after: Path, whole: Path) -> dict[str, object]:
    """Return whose keys stayed from one links.csv to the next, and whether the groups are the whole run's.

    Untouched is a record of the earlier run whose group no new record has joined.
    """
    with duckdb.connect() as connection:
        for name, path in (("before", before), ("after", after), ("whole", whole)):
            connection.execute(
                f"create table {name}_link as select record_id, person_key "
                "from read_csv(?, all_varchar = true)",
                [str(path)],
            )
        row = connection.execute(
            """
            with met as (
                select
                    a.record_id, b.person_key as old_key, a.person_key as new_key, w.person_key as whole_key
                from after_link as a
                left join before_link as b using (record_id)
                left join whole_link as w using (record_id)
            ),
            -- A group is joined when a new record holds its earlier key, or stands beside one of its records.
            joined as (
                select new_key as key from met where old_key is null
                union
                select old_key from met
                where new_key in (select m.new_key from met as m where m.old_key is null)
            ),
            told as (
                select *, old_key in (select key from joined where key is not null) as is_joined from met
                where old_key is not null
            ),
            unlike as (
                select new_key from met group by new_key having count(distinct whole_key) > 1
                union all
                select whole_key from met group by whole_key having count(distinct new_key) > 1
            )
            select
                (select count(*) from met where old_key is null),
                (select count(*) from told where not is_joined),
                (select count(*) from told where not is_joined and old_key = new_key),
                (select count(*) from told where is_joined),
                (select count(*) from told where is_joined and old_key <> new_key),
                (select count(*) from unlike)
            """
        ).fetchone()
    assert row is not None
    new, untouched, kept, joined, other_key, unlike = row
    return {
        "new records": new,
        "untouched records": untouched,
        "keys of untouched records kept": kept,
        "records in a group that a new record joined": joined,
        "of these, under another key": other_key,
        "groups unlike the whole run": unlike,
    }


def measure_again(name: str, records: Path, trace: Path, folder: Path) -> dict[str, object]:
    """Link 99 in a hundred records, then all of them with --previous; return the row of the second run."""
    with get_context("spawn").Pool(1) as writer:
        writer.apply(_write_first, (records, trace, folder))
    _by_itself(folder / "records.parquet", folder / "trace.parquet", folder / "first", None)
    second = _by_itself(records, trace, folder / "second", folder / "first")
    whole = _by_itself(records, trace, folder / "whole", None)
    links = [folder / part / "links.csv" for part in ("first", "second", "whole")]
    return {
        "second run of": name,
        **keys_that_stay(*links),
        "whole run, seconds": whole["seconds"],
        **second,
    }
