"""What the person index does to each figure: the figures of the last run beside those without it.

Without the index every record of a sender is a person of its own, with the number, birth date and death that
record holds. The same models are built on that and compared with the warehouse of the run, figure by figure.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from orchestration.engine import open_engine
from orchestration.road import Run, warehouse_inputs
from orchestration.settings import Client, Settings
from orchestration.warehouse.build import prepare_raw
from orchestration.warehouse.plan import current_plan, run_plan

COLUMNS = ("return_id", "submitter_id", "cell_id", "with_index", "without_index", "difference")

# The same columns as the index writes; a record that states no valid number has none.
_AS_SENT = {
    "link": """
        select person_record_key, sender_id, local_person_id, source_class,
            substr(sha256('as sent:' || person_record_key), 1, 24) as person_key,
            'single_record' as person_kind, 'as_sent' as stage, 'no_index' as rule,
            'the record as it was sent' as evidence, link.number_state
        from read_parquet($folder || '/person_record.parquet')
        join (select person_record_key, number_state from read_parquet($folder || '/link.parquet')) as link
            using (person_record_key)
    """,
    "person": """
        select substr(sha256('as sent:' || person_record_key), 1, 24) as person_key,
            'single_record' as person_kind, date_of_birth as birth_date, deceased_date as death_date,
            case when deceased_date is not null then 'record' end as death_source, 1::bigint as records
        from read_parquet($folder || '/person_record.parquet')
    """,
    "person_identifier": """
        select substr(sha256('as sent:' || person_record_key), 1, 24) as person_key, nhs_number, number_state
        from read_parquet($folder || '/person_record.parquet')
        join (select person_record_key, number_state from read_parquet($folder || '/link.parquet'))
            using (person_record_key)
        where nhs_number is not null and number_state in ('verified', 'valid')
    """,
    "number_quarantine": "from read_parquet($folder || '/number_quarantine.parquet')",
}
_FIGURES = """
    select submitter_id, cell_id, value from returns.ret_{return_id}__figure
    where submitter_id is not null
"""


class NoRunYet(RuntimeError):
    """There is no finished run whose figures could be compared."""


@dataclass(frozen=True)
class FigureEffect:
    """One figure with the person index and without it; None where it has no value."""

    return_id: str
    submitter_id: str
    cell_id: str
    with_index: Decimal | None
    without_index: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        """What the index adds or takes away."""
        if self.with_index is None or self.without_index is None:
            return None
        return self.with_index - self.without_index

    @property
    def differs(self) -> bool:
        """True where the index matters to the figure."""
        return self.with_index != self.without_index


def effect_of_index(settings: Settings, client: Client) -> list[FigureEffect]:
    """Return every figure of a client's last run with and without the person index, in a fixed order.

    Raises NoRunYet when the client has no warehouse. Nothing in the lake changes.
    """
    warehouse = settings.lake / "warehouse" / f"{client.client_id}.duckdb"
    if not warehouse.is_file():
        raise NoRunYet(
            f"client '{client.client_id}' has no finished run in {settings.lake}. First: returns run --client"
            f" {client.client_id}"
        )
    with open_engine(warehouse, read_only=True) as connection:
        found = connection.execute("select reporting_period, as_at_date from raw.run_parameters").fetchone()
        filled = connection.execute("select return_id from raw.run_return order by 1").fetchall()
    assert found is not None
    run = Run(settings, client, found[0], settings.extracts, found[1])
    returns = [return_id for (return_id,) in filled]
    before = _figures(warehouse, returns)
    with tempfile.TemporaryDirectory(prefix="returns-") as folder:
        inputs = warehouse_inputs(run)
        assert inputs.identity_folder is not None
        as_sent = Path(folder) / "identity"
        _write_as_sent(inputs.identity_folder, as_sent)
        # The file keeps its name: the name is part of every view in it.
        file = Path(folder) / warehouse.name
        prepare_raw(file, replace(inputs, identity_folder=as_sent))
        models = tuple(step for step in current_plan() if not step.is_test)
        for _ in run_plan(models, file, settings.memory_limit, settings.threads):
            pass
        after = _figures(file, returns)
    keys = sorted(before.keys() | after.keys())
    return [FigureEffect(*key, before.get(key), after.get(key)) for key in keys]


def _write_as_sent(identity: Path, target: Path) -> None:
    target.mkdir(mode=0o700)
    with open_engine() as connection:
        for name, sql in _AS_SENT.items():
            rows = connection.execute(sql, {"folder": str(identity)}).pl()
            rows.sort(rows.columns).write_parquet(target / f"{name}.parquet")


def _figures(file: Path, returns: list[str]) -> Mapping[tuple[str, str, str], Decimal | None]:
    with open_engine(file, read_only=True) as connection:
        return {
            (return_id, submitter, cell): value
            for return_id in returns
            for submitter, cell, value in connection.execute(_FIGURES.format(return_id=return_id)).fetchall()
        }
