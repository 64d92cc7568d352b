"""A built warehouse of the return `meals`, small enough to read: two locations, four cells, two people."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path

import duckdb

from orchestration.returns.calendar import periods_for
from orchestration.returns.definitions import load_definition
from orchestration.warehouse import raw
from tests.unit.returns.folders import meals_folder

AS_AT = date(2026, 10, 11)
ELM, OAK = "e" * 16, "f" * 16
LOCATIONS = [("L1", "location", "L1", "Elm House"), ("L2", "location", "L2", "Oak House")]

MODELS = """
create schema core;
create table core.core__submitter_sender as
    select * from (values ('L1', 'elm', true), ('L2', 'oak', true))
    as t (submitter_id, sender_id, speaks_for_it);
create schema returns;
create table returns.mbr_meals__eaters (
    return_id varchar, submitter_id varchar, measure varchar, cell_id varchar, person_key varchar,
    event_key varchar, record_key varchar, role varchar, reason varchar, evidence varchar,
    quantity decimal(18, 4), meal varchar
);
insert into returns.mbr_meals__eaters values
    ('meals', 'L1', 'eaters', 'eaters', 'aaaa', 'e1', 's:meal:1', 'numerator', null, '3 May', 1, 'hot'),
    ('meals', 'L1', 'eaters', 'eaters', 'bbbb', 'e2', 's:meal:2', 'numerator', null, '4 May', 1, 'cold'),
    ('meals', 'L1', 'eaters', 'eaters', 'cccc', 'e3', 's:meal:3', 'excluded', 'left_early', null, 1, null),
    ('meals', 'L1', 'eaters', 'eaters.hot', 'aaaa', 'e1', 's:meal:1', 'numerator', null, null, 1, 'hot');
create table returns.ret_meals__figure (
    return_id varchar, submitter_id varchar, cell_id varchar, numerator decimal(18, 4),
    denominator decimal(18, 4), value decimal(18, 4), value_text varchar, outcome varchar, reason varchar
);
insert into returns.ret_meals__figure values
    ('meals', 'L1', 'eaters', 2, null, 2, null, 'filled', null),
    ('meals', 'L1', 'eaters.hot', 1, 2, 0.5, null, 'filled', null),
    ('meals', 'L1', 'menu', null, null, null, '=HYPERLINK("x")', 'filled', null),
    ('meals', 'L1', 'hours', null, null, null, null, 'not_fillable', 'missing: Cook''s hours'),
    ('meals', 'L2', 'eaters', 0, null, 0, null, 'zero', null),
    ('meals', 'L2', 'eaters.hot', 0, null, 0, null, 'zero', null),
    ('meals', 'L2', 'menu', null, null, null, null, 'not_applicable', 'no menu here'),
    ('meals', 'L2', 'hours', null, null, null, null, 'not_fillable', 'missing: Cook''s hours');
create table returns.ret_meals__file (
    submitter_id varchar, record_key varchar, dish varchar, portions decimal(18, 2)
);
insert into returns.ret_meals__file values
    ('L1', '3', '-2+3', -1.50),
    ('L1', '1', 'Soup, "thick"', 2),
    ('L1', '2', null, null),
    ('L2', '4', '=1+1', 1);
create table returns.chk_meals__eaterless (
    rule_id varchar, submitter_id varchar, record_key varchar, field varchar, value_seen varchar,
    evidence varchar
);
create table returns.chk_meals__menu as from returns.chk_meals__eaterless;
create view returns.mbr_meals__dish as from returns.mbr_meals__eaters where false;
"""


def meals_warehouse(file: Path, changes: Sequence[str] = ()) -> Path:
    """Put the warehouse of the meals return at a path, then apply SQL changes; return the path."""
    file.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(_unchanged(), file)
    if changes:
        with duckdb.connect(str(file)) as connection:
            for change in changes:
                connection.execute(change)
    return file


@cache
def _unchanged() -> Path:
    """The warehouse without changes, built once: building is what takes the time."""
    root = Path(tempfile.mkdtemp(prefix="meals_"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    folder, file = meals_folder(root), root / "w.duckdb"
    period = periods_for(load_definition(folder), "2026-10", AS_AT)
    provider = ("provider", datetime(2026, 10, 11), "service", "service.csv")
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema raw")
        for name, rows in {
            "run_parameters": [("north", "2026-10", AS_AT, True)],
            "run_return": [tuple(vars(period).values())],
            "client_submitter": LOCATIONS,
            "extract_receipt": [(ELM, "elm", *provider, 5, 4, 1), (OAK, "oak", *provider, 2, 2, 0)],
        }.items():
            raw.create_table(connection, name, raw.RUN_TABLES[name], rows)
        raw.create_table(
            connection,
            "service",
            {"record_uid": "varchar", "_extract_id": "varchar"},
            [(str(i), ELM) for i in range(4)] + [(str(i), OAK) for i in range(2)],
        )
        codes = dict.fromkeys(("code_list", "code", "label", "evidence"), "varchar")
        raw.create_table(connection, "code_list_code", codes, [("dish", "1", "Soup", "READ")])
        raw.create_return_tables(connection, {"meals": folder})
        connection.execute(MODELS)
    return file
