"""The last table of the benchmark says what was reached and what was not."""

from __future__ import annotations

from benchmarks.linkage.targets import target_lines

GOOD = {
    "engine": "ours",
    "f1": 0.9999,
    "precision": 0.9999,
    "recall": 0.995,
    "two_numbers": 0,
    "review": 0.003,
}
PLAIN = GOOD | {"engine": "plain Splink", "precision": 0.95, "two_numbers": 553, "review": None}


def verdicts(rows, again=(), alike=True) -> dict[str, str]:
    """Return the last cell by the first."""
    return {line[0]: line[-1] for line in target_lines(rows, again, alike)}


def test_every_row_is_judged_by_its_own_bounds_and_the_other_engine_stands_beside():
    rows = [
        row | {"set": name} for name in ("FEBRL3", "kit, trace", "kit, no trace") for row in (GOOD, PLAIN)
    ]
    assert set(verdicts(rows).values()) == {"yes"}
    lines = {line[0]: line for line in target_lines(rows, (), True)}
    assert lines["groups with two trusted numbers, any set"][2:4] == ["0", "up to 553"]
    assert lines["English synthetic, kit, trace: precision / recall"][3] == "0.95 / 0.995"


def test_what_falls_short_is_said_and_what_was_not_measured_is_no_success():
    rows = [
        GOOD | {"set": "FEBRL3", "f1": 0.9995},
        GOOD | {"set": "kit, trace", "recall": 0.9929, "two_numbers": 1, "review": 0.009},
        GOOD | {"set": "made 1,000k seed 303, trace", "seconds": 41.0, "peak_gb": 1.4},
    ]
    again = [
        {
            "second run of": "made 1,000k seed 303, trace",
            "seconds": 9.0,
            "untouched records": 10,
            "keys of untouched records kept": 9,
        }
    ]
    found = verdicts(rows, again, alike=None)
    assert found.pop("rows shuffled, 1 or 2 threads (kit)") == "not measured"
    assert found.pop("English synthetic, made 1,000k seed 303, trace: precision / recall") == "yes"
    assert set(found.values()) == {"NO"} and len(found) == 6
