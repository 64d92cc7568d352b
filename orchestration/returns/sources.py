"""Where the answer of a cell can come from: an element of a MODS record, another input, or nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from orchestration.extracts.profile import RecordClass, load_profile

if TYPE_CHECKING:
    from orchestration.returns.definitions import Cell

RECORDS, OTHER_INPUTS, NOBODY = "records", "other_inputs", "nobody"
FILLED_FROM = (RECORDS, OTHER_INPUTS, NOBODY)
# A source that is no record class is written `<one of these>: <what>`.
OTHER_SOURCES = ("person index", "reference", "run", "settings", "staff file")


@dataclass(frozen=True)
class SourceElement:
    """One source a cell names, as people read it, and whether it is a MODS record or another input."""

    text: str
    filled_from: str


class UnknownElement(ValueError):
    """A cell names a source that neither the extract profile nor the list of other sources has."""


@cache
def _classes() -> dict[str, RecordClass]:
    """The classes of the extract profile by name and by label."""
    found = load_profile().classes
    return dict(found) | {record_class.label: record_class for record_class in found.values()}


def _of_class(record_class: RecordClass, element: str = "") -> SourceElement:
    text = f"{record_class.label}: {element}" if element else record_class.label
    return SourceElement(text, RECORDS if record_class.mods_class else OTHER_INPUTS)


def _named(record_class: RecordClass, name: str) -> str | None:
    """Return the element a name means in a class: its element name or its column name."""
    return next((c.element for c in record_class.columns if name in (c.element, c.name)), None)


def source_element(text: str) -> SourceElement:
    """Return what one entry of `source_elements` stands for. Raises UnknownElement when there is no such.

    An entry is `Class.Element`, a class, a column that some class has, or `settings: what` and the like.
    """
    kind, colon, _ = text.partition(":")
    if colon and kind in OTHER_SOURCES:
        return SourceElement(text, OTHER_INPUTS)
    class_name, dot, element = text.partition(".")
    record_class = _classes().get(class_name)
    if record_class is not None and not dot:
        return _of_class(record_class)
    named = _named(record_class, element) if record_class is not None else None
    if record_class is not None and named:
        return _of_class(record_class, named)
    holders = {c.name: c for c in _classes().values() if not dot and _named(c, text)}
    if not holders:
        raise UnknownElement(text)
    of_records = [c for c in holders.values() if c.mods_class]
    return SourceElement(text, RECORDS if len(of_records) == len(holders) else OTHER_INPUTS)


def sources_in(entries: str) -> list[SourceElement]:
    """Return the sources that a `source_elements` text names, in its order. Raises UnknownElement."""
    return [source_element(entry.strip()) for entry in entries.split("|") if entry.strip()]


def filled_from(cell: Cell) -> str:
    """Return where a cell's answer comes from: `records` when any of its sources is a MODS record."""
    kinds = {source.filled_from for source in sources_in(cell.source_elements)}
    return next((kind for kind in FILLED_FROM if kind in kinds), NOBODY)
