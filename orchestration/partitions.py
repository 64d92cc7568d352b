"""How runs are cut: by client and by reporting period, so that one of either can be run alone."""

from __future__ import annotations

from collections.abc import Iterable

from dagster import MultiPartitionKey, MultiPartitionsDefinition, StaticPartitionsDefinition

CLIENT = "client"
PERIOD = "period"
# A fixed list and not months up to today: the machine's clock must not decide which periods there are.
FIRST_YEAR = 2024
LAST_YEAR = 2035


def reporting_periods() -> list[str]:
    """Return every reporting period a run can be made for, oldest first."""
    return [f"{year}-{month:02d}" for year in range(FIRST_YEAR, LAST_YEAR + 1) for month in range(1, 13)]


def client_periods(clients: Iterable[str]) -> MultiPartitionsDefinition:
    """Return the partitions of every asset: each client in each reporting period."""
    return MultiPartitionsDefinition(
        {
            CLIENT: StaticPartitionsDefinition(sorted(clients)),
            PERIOD: StaticPartitionsDefinition(reporting_periods()),
        }
    )


def partition_key(client_id: str, period: str) -> MultiPartitionKey:
    """Return the partition of one client and reporting period."""
    return MultiPartitionKey({CLIENT: client_id, PERIOD: period})
