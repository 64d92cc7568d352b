"""What a conformance kit says about its runs."""

from __future__ import annotations

import calendar
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from orchestration.warehouse.cld_store import OfficialRun, StoreError, StoreInputs, known_methods


@dataclass(frozen=True)
class KitSection:
    """One section of kit.toml whose method is known."""

    name: str
    run: OfficialRun
    inputs: StoreInputs


def quarter_before(start: date, end: date) -> tuple[date, date]:
    """Return the period one quarter earlier: the start three months back, the end a month's last day."""
    return _months_before(start, 3), _last_of_month(_months_before(end.replace(day=1), 3))


def _months_before(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 - months
    return date(count // 12, count % 12 + 1, day.day)


def _last_of_month(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _date(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _table_file(folder: Path, stem: str) -> Path | None:
    return next((p for ending in ("parquet", "csv") if (p := folder / f"{stem}.{ending}").exists()), None)


def _run_of(section: dict[str, Any], period: str) -> OfficialRun:
    start, end = _date(section["period_start"]), _date(section["period_end"])
    previous = quarter_before(start, end)
    if "previous_start" in section:
        previous = (_date(section["previous_start"]), _date(section["previous_end"]))
    hospital = [tuple(map(_date, p)) for p in section.get("ascof_2d_periods", ())]
    if not hospital:
        hospital = [quarter_before(start, end), quarter_before(*quarter_before(start, end))]
    wanted = 1 if period == "latest" else 2
    names = ("latest", "previous")
    return OfficialRun(
        method_id=section["method"],
        history_start=_date(section["history_start"]),
        period_start=start,
        period_end=end,
        as_at=_date(section["as_at"]),
        periods=[(n, *p) for n, p in zip(names, ((start, end), previous), strict=True)][:wanted],
        hospital_periods=[(n, p[0], p[1]) for n, p in zip(names, hospital, strict=False)][:wanted],
        population_year=str(section.get("population_year", start.year)),
        calendar_today=_date(section["calendar_today"]) if "calendar_today" in section else None,
    )


def read_kit(kit: Path, lookups: Path | None, period: str) -> tuple[list[KitSection], dict[str, str]]:
    """Return the sections that can be computed, and for each of the others why not."""
    path = kit / "kit.toml"
    if not path.exists():
        raise StoreError(f"{kit}: no kit.toml")
    submissions = _table_file(kit, "cld_raw")
    lookups = lookups or kit / "lookups"
    if not lookups.is_dir():
        raise StoreError(f"{lookups}: no folder of lookups")
    methods = {row["method_id"] for row in known_methods()}
    sections: list[KitSection] = []
    skipped: dict[str, str] = {}
    for name, section in tomllib.loads(path.read_text(encoding="utf-8")).items():
        method = section.get("method") if isinstance(section, dict) else None
        if method not in methods:
            skipped[name] = f"method {method} is not computed here"
        elif submissions is None:
            skipped[name] = "the kit holds no cld_raw.parquet or cld_raw.csv"
        else:
            inputs = StoreInputs(
                submissions, lookups, _table_file(kit, "sus"), _table_file(kit, "ons_deaths")
            )
            sections.append(KitSection(name, _run_of(section, period), inputs))
    return sections, skipped
