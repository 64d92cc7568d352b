"""People, demand and packages as tidy tables, with the sums between them that no single table shows."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

from orchestration.report.aggregates import breakdowns, counted_table, long_table, read
from orchestration.report.disclosure_system import Part, Relation
from orchestration.report.release import Gathering
from orchestration.report.tidy import TOTAL, Row, TidyTable

MONTHLY = {
    "supported": ("At the end", "people"),
    "joined": ("Joined", "people"),
    "left_support": ("Left", "people"),
    "died": ("of whom died", "people"),
}
HOURS = {
    "packages": ("Packages", "packages"),
    "packages_by_the_hour": ("By the hour", "packages"),
    "commissioned_hours": ("Commissioned hours", "hours"),
    "provider_hours": ("Hours the provider holds", "hours"),
    "planned_hours": ("Planned visits, hours", "hours"),
    "delivered_hours": ("Delivered, hours", "hours"),
}
COSTS = {
    "packages_both": ("Known to both", "packages"),
    "packages_council_only": ("Council only", "packages"),
    "packages_provider_only": ("Provider only", "packages"),
    "commissioned_cost": ("Commissioned a week", "pounds"),
    "provider_cost": ("The provider holds a week", "pounds"),
}
# Whose hours and money an amount is: of few of them it is held back with their count.
OF_PACKAGES = {
    "commissioned_hours": ("packages_by_the_hour",),
    "provider_hours": ("packages_by_the_hour",),
    "planned_hours": ("packages_by_the_hour",),
    "delivered_hours": ("packages_by_the_hour",),
    "commissioned_cost": ("packages_both", "packages_council_only"),
    "provider_cost": ("packages_both", "packages_provider_only"),
}
FLOWS, REQUESTS = "people_by_month", "requests_by_route"
PACKAGE_HOURS, PACKAGE_COSTS, BANDS = "package_hours", "package_costs", "packages_by_band"


def gather_people(gathered: Gathering, lake: Path, client_id: str) -> None:
    """Gather who is supported, who came and went, the carers and the requests."""
    for table in breakdowns(read(lake, client_id, "agg__demand_breakdown")).values():
        gathered.add(table)
    flows = gathered.add(
        long_table(
            *(FLOWS, "People supported, joining and leaving, by month"),
            read(lake, client_id, "agg__demand_month"),
            *({"view_id": "Records of", "month_label": "Month"}, MONTHLY),
        )
    )
    gathered.tie(_flow_sums(flows))
    gathered.add(
        counted_table(
            *(REQUESTS, "Requests of twelve months: how they came and what happened next"),
            read(lake, client_id, "agg__demand_request"),
            {"outcome": "What happened next", "route": "Route"},
            "requests",
            "requests",
        )
    )


def _flow_sums(flows: TidyTable) -> Iterator[Relation]:
    """Those at a month's end and those who left are those at the end before and those who joined."""
    end, joined, left, died = (label for label, _ in MONTHLY.values())
    for view in flows.values("view_id"):
        months = sorted({r.keys[1] for r in flows.rows if r.keys[0] == view})

        def at(month: str, label: str, view: str = view) -> Part:
            return Part(flows.table_id, (view, month, label), "people")

        for month in months:
            yield Relation(at(month, left), (at(month, died),))
        for before, month in pairwise(months):
            yield Relation(at(month, end), (at(before, end), at(month, joined)), (at(month, left),))


def gather_packages(gathered: Gathering, lake: Path, client_id: str) -> None:
    """Gather what is commissioned and delivered at each location."""
    rows = read(lake, client_id, "agg__package_location")
    place = {"location_name": "Location"}
    hours = gathered.add(
        _with_people(long_table(PACKAGE_HOURS, "Hours a week, by location", rows, place, HOURS), rows, HOURS)
    )
    costs = gathered.add(
        _with_people(
            long_table(PACKAGE_COSTS, "Packages and cost a week, by location", rows, place, COSTS),
            *(rows, COSTS),
        )
    )
    bands = gathered.add(
        counted_table(
            *(BANDS, "Packages compared", read(lake, client_id, "agg__package_band")),
            *(
                {"comparison": "Compared", "location_name": "Location", "band": "Band"},
                "packages",
                "packages",
            ),
        )
    )
    gathered.tie(_package_sums(hours, costs, bands))


def _with_people(
    table: TidyTable, rows: list[dict[str, Any]], measures: dict[str, tuple[str, str]]
) -> TidyTable:
    """The table with each amount told of how many packages it is."""
    columns = {label: column for column, (label, _) in measures.items()}
    packages = {row["location_name"]: row for row in rows}

    def told(row: Row) -> Row:
        of = OF_PACKAGES.get(columns[row.keys[1]])
        if of is None or row.value is None:
            return row
        people = sum(packages[row.keys[0]][column] or 0 for column in of)
        return Row(row.keys, row.unit, row.value, of_people=Decimal(people))

    return table.with_rows(told(row) for row in table.rows)


def _package_sums(hours: TidyTable, costs: TidyTable, bands: TidyTable) -> Iterator[Relation]:
    """A package is known to both or to one; those by the hour are among them; bands part one or the other."""
    known = [label for name, (label, _) in COSTS.items() if name.startswith("packages")]
    known_bands = {"both": known[0], "council_only": known[1], "provider_only": known[2]}
    every, by_hour = HOURS["packages"][0], HOURS["packages_by_the_hour"][0]
    in_bands = {row.keys for row in bands.rows}
    for place in hours.values("location_name"):
        packages = Part(hours.table_id, (place, every), "packages")
        hourly = Part(hours.table_id, (place, by_hour), "packages")
        yield Relation(packages, tuple(Part(costs.table_id, (place, label), "packages") for label in known))
        yield Relation(packages, (hourly,))
        same = {("cost", TOTAL): packages, ("known_to", TOTAL): packages, ("delivered", TOTAL): hourly}
        same |= {
            ("known_to", band): Part(costs.table_id, (place, label), "packages")
            for band, label in known_bands.items()
        }
        for (comparison, band), part in same.items():
            if (comparison, place, band) in in_bands:
                yield Relation(part, (Part(bands.table_id, (comparison, place, band), "packages"),))
