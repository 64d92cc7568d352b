"""What was to be reached, and what one run of the benchmark reached: ours beside plain Splink."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from multiprocessing import get_context
from pathlib import Path

import polars as pl

HEADER = ("on", "reach", "ours", "plain Splink", "reached")
Row = dict[str, object]
LEAST_F1 = {"FEBRL3": 0.9996, "FEBRL4": 0.9998, "historical_50k": 0.85}
# Least precision and recall on English synthetic records.
LEAST = {"no trace": (0.9992, 0.989), "trace": (0.9998, 0.993)}
# Most seconds and gigabytes, with trace answers.
MOST = {"made 1,000k": (40.0, 1.5), "made 5,000k": (200.0, 5.0)}
MOST_REVIEW = 0.008
AGAIN_ON, MOST_SECONDS_AGAIN = "made 1,000k", 10.0


def _shuffle(records: Path, target: Path) -> None:
    pl.read_parquet(records).sample(fraction=1.0, shuffle=True, seed=5).write_parquet(target)


def _link(records: Path, trace: Path | None, out: Path, threads: int) -> None:
    from orchestration.identity.link_command import link_records

    link_records(records, out, trace=trace, synthetic=True, threads=threads)


def shuffled_is_alike(records: Path, trace: Path | None, folder: Path) -> bool:
    """Return whether shuffled rows with one thread get the keys that the rows as they are get with two."""
    with get_context("spawn").Pool(1) as process:
        process.apply(_shuffle, (records, folder / "shuffled.parquet"))
        process.apply(_link, (records, trace, folder / "as_is", 2))
        process.apply(_link, (folder / "shuffled.parquet", trace, folder / "shuffled", 1))
    one, other = (
        pl.read_csv(folder / name / "links.csv", infer_schema=False).sort("record_id")
        for name in ("as_is", "shuffled")
    )
    return one.equals(other)


def _number(row: Row | None, column: str) -> float | None:
    value = row.get(column) if row else None
    return float(value) if isinstance(value, int | float) else None


def _shown(values: Sequence[float | None]) -> str:
    return " / ".join("not measured" if v is None else f"{v:.6g}" for v in values)


def _verdict(holds: Sequence[bool | None]) -> str:
    return "not measured" if None in holds else "yes" if all(holds) else "NO"


def _at_least(
    name: str, least: Sequence[float], columns: Sequence[str], ours: Row, plain: Row | None
) -> list[str]:
    found = [_number(ours, column) for column in columns]
    return [
        name,
        "≥ " + _shown(least),
        _shown(found),
        _shown([_number(plain, column) for column in columns]),
        _verdict([None if f is None else f >= bound for f, bound in zip(found, least, strict=True)]),
    ]


def _at_most(name: str, most: Sequence[float], found: Sequence[float | None], plain: str) -> list[str]:
    held = [None if f is None else f <= bound for f, bound in zip(found, most, strict=True)]
    return [name, "≤ " + _shown(most), _shown(found), plain, _verdict(held)]


def target_lines(rows: Sequence[Row], again: Sequence[Row], alike: bool | None) -> Iterator[list[str]]:
    """Yield the table of what was to be reached, from the rows of one run."""
    by = {(row["set"], row["engine"]): row for row in rows}
    ours = [row for row in rows if row["engine"] == "ours"]
    plain = {row["set"]: row for row in rows if row["engine"] != "ours"}
    for name, least in LEAST_F1.items():
        if (name, "ours") in by:
            yield _at_least(f"{name} groups F1", [least], ["f1"], by[name, "ours"], plain.get(name))
    for kind, bounds in LEAST.items():
        for row in ours:
            name = str(row["set"])
            if name.endswith(f", {kind}"):
                label = f"English synthetic, {name}: precision / recall"
                yield _at_least(label, bounds, ["precision", "recall"], row, plain.get(name))
    held = [n for row in ours if (n := _number(row, "two_numbers")) is not None]
    others = [n for row in plain.values() if (n := _number(row, "two_numbers")) is not None]
    most_of_plain = f"up to {max(others):.0f}" if others else "not measured"
    yield _at_most("groups with two trusted numbers, any set", [0], [max(held, default=None)], most_of_plain)
    for start, most in MOST.items():
        for row in ours:
            name = str(row["set"])
            if name.startswith(start) and name.endswith(", trace"):
                found = [_number(row, "seconds"), _number(row, "peak_gb")]
                beside = _shown([_number(plain.get(name), column) for column in ("seconds", "peak_gb")])
                yield _at_most(f"{name}: seconds / GB", most, found, beside)
    for row in (row for row in again if str(row["second run of"]).startswith(AGAIN_ON)):
        untouched, kept = _number(row, "untouched records"), _number(row, "keys of untouched records kept")
        label = f"1 % new records on {row['second run of']} with --previous: seconds / untouched keys lost"
        lost = None if untouched is None or kept is None else untouched - kept
        yield _at_most(label, [MOST_SECONDS_AGAIN, 0], [_number(row, "seconds"), lost], "cannot")
    shares = [s for row in ours if ", " in str(row["set"]) and (s := _number(row, "review")) is not None]
    yield _at_most(
        "share sent to review, English synthetic", [MOST_REVIEW], [max(shares, default=None)], "none sent"
    )
    told = "not measured" if alike is None else "identical" if alike else "they differ"
    yield ["rows shuffled, 1 or 2 threads (kit)", "identical groups and keys", told, "", _verdict([alike])]
