"""Verdicts of Great Expectations on the figures DHSC computes from councils' submissions.

The suites are `expectations/council_figures/<return>.json`. Besides its expectations a suite says in `meta`
which breakdowns belong to one whole (`wholes`), and whether they leave nobody out (`exact`).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from orchestration.engine import open_engine
from orchestration.quality.figure_frames import Frame
from orchestration.quality.figures import EXPECTATIONS
from orchestration.quality.suites import Suite, context_in_memory, suites_in, validate
from orchestration.quality.verdicts import Judgement, Verdict, failing_frame, judgement_of

# Amounts become floats here: these frames only compare, nothing computed from them is handed over.
_FIGURES = """
    select cell_id, council, item_id, breakdown, period_id, unit.unit, numerator::double as numerator,
        denominator::double as denominator, outcome::double as outcome,
        case when denominator > 0 then abs(outcome::double - unit.per * numerator::double / denominator) end
            as distance_from_ratio
    from figure left join unit using (item_id)
    order by cell_id
"""
# A council that submitted owes a figure of every item of every period the others have one of.
_PRESENCE = """
    with asked as (select distinct item_id, period_id from figure where council <> 'england'),
    given as (select council, item_id, period_id, count(*) as figures from figure group by all)
    select council.council, asked.item_id, asked.period_id, coalesce(given.figures, 0) as figures,
        sum(coalesce(given.figures, 0)) over (partition by council.council, asked.item_id)::double
            as figures_of_item
    from council cross join asked left join given using (council, item_id, period_id)
    order by all
"""
# Periods in the order of time: what an official table calls previous comes before the latest.
_MOVEMENT = """
    with ordered as (
        select *, lag(outcome) over newest as before, lag(denominator) over newest as denominator_before,
            lag(period_id) over newest as period_before
        from figure
        window newest as (
            partition by council, item_id, breakdown
            order by case period_id when 'previous' then '0' when 'latest' then '1' else period_id end
        )
    )
    select cell_id, council, item_id, breakdown, period_id, unit.unit,
        outcome::double - before::double as points,
        100 * (denominator::double - denominator_before) / denominator_before as percent_of_denominator,
        least(denominator, denominator_before) as smaller_denominator
    from ordered left join unit using (item_id)
    where period_before is not null
    order by cell_id
"""
_WHOLES = """
    with parts as (
        select f.council, f.item_id, f.period_id, w.name, w.exact,
            sum(f.numerator)::double as parts_numerator, sum(f.denominator)::double as parts_denominator
        from figure f join part using (item_id, breakdown) join whole w using (name, item_id)
        group by all
    )
    select p.*, f.numerator::double as numerator, f.denominator::double as denominator,
        f.denominator::double - p.parts_denominator as left_out
    from parts p
    join whole w using (name, item_id)
    join figure f
        on (f.council, f.item_id, f.period_id, f.breakdown) = (p.council, p.item_id, p.period_id, w.whole)
    order by all
"""
_CELL = ("council", "cell_id")
_PLACES = {
    "figure": (_FIGURES, _CELL),
    "presence": (_PRESENCE, ("council", "item_id", "period_id")),
    "movement": (_MOVEMENT, _CELL),
    "whole": (_WHOLES, ("council", "item_id", "period_id", "name")),
}
# An outcome is this many times numerator by denominator.
_PER = {"percent": 100, "per 100,000 people": 100_000}


def judge_council_figures(
    figures: pl.DataFrame,
    return_id: str,
    councils: list[str],
    units: Mapping[str, str],
    expectations: Path = EXPECTATIONS,
) -> Judgement:
    """Return what the suite of one official return finds in its figures, per council.

    `figures` has the columns of figures.csv, `councils` names those that submitted, `units` says what the
    outcome of each item is.
    """
    verdicts: list[Verdict] = []
    rows: list[tuple[str | None, ...]] = []
    context = context_in_memory()
    for suite in suites_in(expectations / "council_figures", (return_id,)):
        for check in validate(context, suite, _frames(figures, councils, units, suite)):
            for council in check.groups():
                verdicts.append(check.verdict(return_id, council, council))
                rows.extend(check.failing_rows(return_id, council, council))
    return judgement_of([(verdicts, failing_frame(rows))])


def _frames(
    figures: pl.DataFrame, councils: list[str], units: Mapping[str, str], suite: Suite
) -> dict[str, Frame]:
    wholes = suite.meta.get("wholes", [])
    named = {
        "figure": figures,
        "council": pl.DataFrame({"council": sorted(councils)}, schema={"council": pl.String}),
        "unit": pl.DataFrame(
            [(item, unit, _PER.get(unit)) for item, unit in sorted(units.items())],
            schema={"item_id": pl.String, "unit": pl.String, "per": pl.Float64},
            orient="row",
        ),
        "whole": pl.DataFrame(
            [(w["name"], item, w["whole"], w["exact"]) for w in wholes for item in w["items"]],
            schema={"name": pl.String, "item_id": pl.String, "whole": pl.String, "exact": pl.Boolean},
            orient="row",
        ),
        "part": pl.DataFrame(
            [(w["name"], item, part) for w in wholes for item in w["items"] for part in w["parts"]],
            schema={"name": pl.String, "item_id": pl.String, "breakdown": pl.String},
            orient="row",
        ),
    }
    with open_engine() as connection:
        for name, frame in named.items():
            connection.register(name, frame)
        return {
            name: Frame(connection.execute(sql).df(), key, "council") for name, (sql, key) in _PLACES.items()
        }


def summary_of(judgement: Judgement) -> list[str]:
    """Return one line per rule that found something: the rule, the councils and what to do."""
    found: dict[tuple[str, str], list[Any]] = {}
    for verdict in judgement.verdicts:
        if verdict.failing or verdict.outcome == "error":
            found.setdefault((verdict.severity, verdict.rule_id), []).append(verdict)
    lines = []
    for (severity, rule_id), verdicts in sorted(found.items()):
        first, failing = verdicts[0], sum(v.failing for v in verdicts)
        councils = sorted({v.submitter_id for v in verdicts})
        lines.append(
            f"{severity}: {rule_id}: {failing} in {len(councils)} council(s) ({', '.join(councils[:5])}"
            f"{', …' if len(councils) > 5 else ''}). {first.message} {first.next_step}"
        )
    return lines
