"""Numbers, days and states in the words of the pages."""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

OUTCOMES = {
    "filled": "Filled",
    "zero": "Zero",
    "not_applicable": "Not applicable",
    "not_fillable": "Not filled",
}
EVIDENCE = {
    "READ": "seen in the source",
    "INFER": "deduced from the source",
    "BELIEF": "from memory, not yet seen in a source",
    "OURS": "our own choice, where no source decides",
}
SHARES = frozenset({"share", "share_of_lines"})
_MONEY = frozenset({"pounds", "pounds_per_week", "pounds_per_hour"})
_ABBREVIATED = re.compile(r"\b(?:asc wds|cld|nhs|cqc|pir|dols)\b", re.IGNORECASE)
_WRITTEN = {"asc wds": "ASC-WDS", "dols": "DoLS"}
_HOURS = frozenset({"hours", "hours_per_week"})
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def day(value: date | None) -> str:
    """Return a day as people write it: 12 October 2026."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}" if value else ""


def month(value: str) -> str:
    """Return a month written 2026-10 as October 2026."""
    year, _, number = value.partition("-")
    return f"{MONTHS[int(number) - 1]} {year}"


def period_words(start: date, end: date) -> str:
    """Return a period as people say it: October 2026, or the days it runs between."""
    if start.day == 1 and (start.year, start.month) == (end.year, end.month):
        return f"{MONTHS[start.month - 1]} {start.year}"
    return day(end) if start == end else f"{day(start)} to {day(end)}"


def label_words(label: str) -> str:
    """Return a period label as people say it: 2026-10 is October 2026, 2025-10_2026-09 the months between."""
    parts = label.split("_")
    return " to ".join(_moment(part) for part in parts)


def label_short(label: str) -> str:
    """Return a period label as it fits below a chart: by its last month or day, Oct 2026 or 12 Oct 2026."""
    *number, named, year = _moment(label.split("_")[-1]).split(" ")
    return " ".join([*number, named[:3], year])


def _moment(part: str) -> str:
    """A month or a day of a period label in words; what is neither stays as it is."""
    if re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", part):
        return month(part)
    try:
        return day(date.fromisoformat(part))
    except ValueError:
        return part


def count(number: int | Decimal) -> str:
    """Return a number with its thousands parted, without zeros a column type adds."""
    if isinstance(number, int):
        return f"{number:,}"
    if number == number.to_integral_value():
        return f"{number.to_integral_value():,f}"
    return f"{number.normalize():,f}"


def percent(share: Decimal, places: int = 1) -> str:
    """Return a share as a percentage; not quite all is never told as all, nor very little as none."""
    step = Decimal(1).scaleb(-places)
    whole = Decimal(100)
    shown = (share * whole).quantize(step, ROUND_HALF_UP)
    if shown == whole and share < 1:
        return f"{whole - step}%"
    if shown == 0 and share > 0:
        return f"{step}%"
    return "100%" if shown == whole else "0%" if shown == 0 else f"{shown}%"


def number(value: Decimal, unit: str) -> str:
    """Return a figure in its unit, as it stands in a column of the same unit."""
    if unit in SHARES:
        return percent(value)
    if unit == "percent":
        return f"{value.quantize(Decimal('0.1'), ROUND_HALF_UP):f}%"
    if unit in _MONEY:
        return f"£{as_shown(value, unit):,f}"
    if unit in _HOURS:
        return f"{value.quantize(Decimal('0.1'), ROUND_HALF_UP):,f}"
    return count(value)


def change(before: Decimal, now: Decimal, unit: str) -> str:
    """Return what moved between two figures as a page shows them: +3, −2.5 points; nothing if alike."""
    scale = 100 if unit in SHARES else 1
    tenths = unit in SHARES or unit == "percent" or unit in _HOURS
    was, is_now = (
        (value * scale).quantize(Decimal("0.1"), ROUND_HALF_UP) if tenths else as_shown(value, unit)
        for value in (before, now)
    )
    if was == is_now:
        return ""
    points = unit in SHARES or unit == "percent"
    size = f"{abs(is_now - was)} points" if points else number(abs(is_now - was), unit)
    return f"{'+' if is_now > was else '−'}{size}"


def as_shown(value: Decimal, unit: str) -> Decimal:
    """Return a figure as exactly as it is given away: money to the penny, the rest to four decimals."""
    if unit in _MONEY:
        return value.quantize(Decimal("0.01"), ROUND_HALF_UP)
    finest = Decimal("0.0001")
    return value if value == value.quantize(finest, ROUND_HALF_UP) else value.quantize(finest, ROUND_HALF_UP)


def unit_words(unit: str) -> str:
    """Return what a unit adds to a bare number in a heading; shares, money and codes say it themselves."""
    silent = SHARES | _MONEY | {"percent", "code", "number", "yes_no", "text", ""}
    return "" if unit in silent else unit.replace("_", " ")


def sentence(code: str) -> str:
    """Return a machine name as words: funding_not_known is Funding not known, cld_review CLD review."""
    words = code.replace("_", " ").replace(".", ", ").strip()
    words = words[:1].upper() + words[1:]
    return _ABBREVIATED.sub(lambda found: _WRITTEN.get(found[0].lower(), found[0].upper()), words)


def short_title(title: str) -> str:
    """Return the title of a return as the heading of a column: what is in brackets, or the first part."""
    named = re.search(r"\(([^)]+)\)", title)
    return named[1] if named else re.split(r"[:,]", title)[0]


def due(closes: date | None, as_at: date) -> str:
    """Return when a return is due, told from the day the figures stand for; a page knows no today."""
    if closes is None:
        return "no fixed day"
    return day(closes) + (", passed on the as-at day" if closes < as_at else "")


def several(number_of: int, one: str, many: str = "") -> str:
    """Return a number with the right form of its noun."""
    return f"{number_of:,} {one if number_of == 1 else many or one + 's'}"


def slug(text: str) -> str:
    """Return text as part of a file name: lower case letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "none"
