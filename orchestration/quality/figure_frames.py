"""The small pandas frames Great Expectations reads: figures in three shapes, and reference lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb

from orchestration.quality.relations import Relation
from orchestration.returns.calendar import BANK_HOLIDAYS

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Frame:
    """One frame: its rows, the columns that tell a row apart, and the column verdicts are split by."""

    data: pd.DataFrame
    index: tuple[str, ...]
    group: str | None

    def key_of(self, row: Mapping[str, Any]) -> str:
        """Return the key of a row as it stands in verdicts and failing rows."""
        return ":".join(str(row[name]) for name in self.index)


# Amounts become floats here: these frames only compare, nothing computed from them is handed over.
_FIGURES = """
    select coalesce(f.submitter_id, '') as submitter_id, f.cell_id, c.unit, f.numerator::double as numerator,
           f.denominator::double as denominator, f.value::double as value,
           coalesce(nullif(trim(f.value_text), ''), f.value::varchar) as answer,
           f.outcome, nullif(trim(f.reason), '') as reason
    from {figure} f left join cell c using (cell_id)
    where {judged}
    order by f.submitter_id nulls first, f.cell_id nulls first, f.outcome nulls first
"""
_CELLS = """
    create or replace temp table cell as
    select r.* from raw.return_cell r cross join raw.run_parameters p
    where r.return_id = ? and coalesce(r.valid_from::date <= p.as_at_date, true)
        and coalesce(r.valid_to::date >= p.as_at_date, true)
"""
_OWING = """
    create or replace temp table owing as
    select s.submitter_id
    from raw.client_submitter s join raw.run_return r on s.kind = r.submitted_by
    where r.return_id = ?
"""
# Records tell of many more homes than a client answers for: what is computed for those goes nowhere.
_JUDGED = """(
    nullif(f.submitter_id, '') is null or f.submitter_id in (select submitter_id from owing)
    or not exists (select 1 from owing)
)"""
_ANSWERS = """
    with owed as (select o.submitter_id, c.cell_id from owing o cross join cell c),
    given as (
        select coalesce(f.submitter_id, '') as submitter_id, f.cell_id, count(*) as answers
        from {figure} f where {judged} group by all
    )
    select submitter_id, cell_id, coalesce(g.answers, 0) as answers,
           case when o.cell_id is null then 'no' else 'yes' end as asked
    from owed o full join given g using (submitter_id, cell_id)
    order by submitter_id nulls first, cell_id nulls first
"""


def of_return(
    connection: duckdb.DuckDBPyConnection,
    return_id: str,
    figure: Relation,
    sums: Mapping[str, list[str]],
) -> dict[str, Frame]:
    """Return a return's figures as `figure` (a row per figure), `answer` (a row per question), `submitter`.

    They are the figures of the organisations that owe the return, and those of nobody; where the client owes
    it for nobody, of all.

    `submitter` is the figures pivoted wide, one row per submitter and one column per cell, because an
    expectation that cells add up compares columns of one row. A suite's `sums` add a column each: the sum of
    the cells named that have a value, blank when none has.
    """
    connection.execute(_CELLS, [return_id])
    connection.execute(_OWING, [return_id])
    figures = connection.execute(_FIGURES.format(figure=figure.sql, judged=_JUDGED)).df()
    answers = connection.execute(_ANSWERS.format(figure=figure.sql, judged=_JUDGED)).df()
    cells = [c for (c,) in connection.execute("select distinct cell_id from cell order by 1").fetchall()]
    wide = figures.pivot_table(
        index="submitter_id", columns="cell_id", values="value", aggfunc="first", dropna=False
    )
    wide = wide.reindex(columns=cells, index=sorted(answers["submitter_id"].dropna().unique()))
    for name, parts in sums.items():
        if set(parts) <= set(cells):
            wide[name] = wide[parts].sum(axis=1, min_count=1)
    wide.columns.name = None
    wide.index.name = "submitter_id"
    return {
        "figure": Frame(figures, ("submitter_id", "cell_id"), "submitter_id"),
        "answer": Frame(answers, ("submitter_id", "cell_id"), "submitter_id"),
        "submitter": Frame(wide.reset_index(), ("submitter_id",), "submitter_id"),
    }


def of_every_return(frames: Mapping[str, Mapping[str, Frame]]) -> dict[str, Frame]:
    """Return the frames that have the same columns for every return as one each, with the return named."""
    import pandas as pd

    return {
        name: Frame(
            pd.concat(
                [of[name].data.assign(return_id=return_id) for return_id, of in frames.items()],
                ignore_index=True,
            ),
            ("return_id", "submitter_id", "cell_id"),
            None,
        )
        for name in ("figure", "answer")
        if frames
    }


def of_reference_lists(connection: duckdb.DuckDBPyConnection) -> dict[str, Frame]:
    """Return the reference lists a run stands on: cells, codes, code lists and bank holidays."""
    import pandas as pd

    cells = connection.execute("select * from raw.return_cell order by return_id, cell_id, valid_from").df()
    codes = connection.execute(
        "select * from raw.return_code order by return_id, code_set, code, valid_from"
    ).df()
    lists = connection.execute("select * from raw.code_list_code order by all").df()
    holidays = pd.read_csv(BANK_HOLIDAYS)
    holidays["weekday"] = pd.to_datetime(
        holidays["holiday_date"], format="%Y-%m-%d", errors="coerce"
    ).dt.weekday
    holidays["in_year"] = holidays.groupby(holidays["holiday_date"].str[:4])["name"].transform("size")
    return {
        "cells": Frame(cells, ("return_id", "cell_id", "valid_from"), "return_id"),
        "codes": Frame(codes, ("return_id", "code_set", "code", "valid_from"), "return_id"),
        "code_lists": Frame(lists, ("code_list", "code"), None),
        "bank_holidays": Frame(holidays, ("holiday_date",), None),
    }
