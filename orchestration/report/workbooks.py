"""What the workbooks hold: one per return and one for all measures, each with its notes and its charts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from orchestration.report import words
from orchestration.report.data_tables import NUMBER, Cell, Column, DataTable
from orchestration.report.facts import RunFacts, Sender
from orchestration.report.quality_tables import LOADED, RECEIVED, TAKEN_IN, WHAT_BECAME
from orchestration.report.release import Released
from orchestration.report.return_pages import ReturnState
from orchestration.report.tables import text_of
from orchestration.report.tidy import MARKS, TOTAL
from orchestration.report.workbook_file import Chart, Series, Sheet, Workbook
from orchestration.returns.definitions import ReturnDefinition
from orchestration.returns.methods import method_sections
from orchestration.software import software_version

MOST_BARS, MOST_LINES, MOST_CHARTS = 30, 7, 12
_UNCHARTED = frozenset({"text", "code", "yes_no", "number", ""})
_LONGEST = 30_000


@dataclass(frozen=True)
class ReadingNotes:
    """What every workbook says of its numbers: small numbers, completeness, who sent what."""

    told: str
    completeness: str
    sources: tuple[str, ...]


def reading_notes(facts: RunFacts, released: Released) -> ReadingNotes:
    """Return what is said of the numbers of a site; the counts in it are released ones."""
    received, loaded = (released.row(TAKEN_IN, (TOTAL, TOTAL, what)) for what in (RECEIVED, LOADED))
    senders = sorted(facts.senders.values(), key=lambda s: (s.kind, s.name))
    return ReadingNotes(
        told=released.profile.told,
        completeness=f"{text_of(loaded)} of {text_of(received)} rows",
        sources=tuple(_source(sender, released) for sender in senders),
    )


def return_workbook(
    facts: RunFacts,
    states: Sequence[ReturnState],
    figures: DataTable,
    notes: ReadingNotes,
    due: dict[str, str],
) -> Workbook:
    """Return the workbook of one return: how far each submitter is, every released figure, the method."""
    definition = states[0].owed.definition
    sheets = [Sheet("State", _state(states, due)), *([Sheet("Figures", figures)] if figures.rows else [])]
    return Workbook(
        title=f"{definition.title}: {facts.client_name}, {words.month(facts.reporting_period)}",
        subject=f"Released figures of {definition.title}",
        author=software_version(),
        as_at=facts.as_at,
        introduction=_introduction(facts, notes),
        sheets=(*sheets, Sheet("Notes", _notes(facts, notes)), Sheet("Method", _methods([definition]))),
        charts=tuple(charts_of(figures, "answer")),
    )


def measures_workbook(
    facts: RunFacts, definitions: Iterable[ReturnDefinition], measures: DataTable, notes: ReadingNotes
) -> Workbook:
    """Return the workbook of all measures: every released figure of every return that counts."""
    return Workbook(
        title=f"All measures: {facts.client_name}, {words.month(facts.reporting_period)}",
        subject="Released figures of every measure, with intervals and published figures",
        author=software_version(),
        as_at=facts.as_at,
        introduction=_introduction(facts, notes),
        sheets=(
            Sheet("Measures", measures),
            Sheet("Notes", _notes(facts, notes)),
            Sheet("Methods", _methods(definitions)),
        ),
        charts=tuple(charts_of(measures, "breakdown")),
    )


def charts_of(table: DataTable, label: str) -> Iterable[Chart]:
    """Yield a chart for each measure of a table, of the newest period or over the periods, never of a mark.

    One submitter: its answers as bars. Several: the first answer of the measure, a bar for each of them, or
    lines over the periods where each has a number in every one.
    """
    at = {column.name: place for place, column in enumerate(table.columns)}
    found: dict[tuple[str, ...], list[tuple[Cell, ...]]] = {}
    for row in table.rows:
        drawn = isinstance(row[at["value"]], Decimal) and row[at["unit"]] not in _UNCHARTED
        if row[at["measure"]] and drawn:
            return_id = str(row[at["return_id"]]) if "return_id" in at else ""
            found.setdefault((return_id, str(row[at["measure"]])), []).append(row)
    made = 0
    for (_, measure), rows in sorted(found.items()):
        chart = _chart(measure, rows, at, at[label])
        if chart and made < MOST_CHARTS:
            made += 1
            yield chart


def _chart(measure: str, rows: list[tuple[Cell, ...]], at: dict[str, int], label: int) -> Chart | None:
    newest = max(str(row[at["period"]]) for row in rows)
    now = [row for row in rows if row[at["period"]] == newest]
    unit = str(now[0][at["unit"]])
    first = str(now[0][at["cell_id"]])
    told = words.label_words(newest)
    over_time = _over_time([row for row in rows if row[at["cell_id"]] == first], at)
    if over_time:
        title = f"{_named(measure, now[0][label])}, over the periods"
        return Chart(title, f"Lines, one for each submitter. {title}.", unit, over_time, over_time=True)
    if len({row[at["submitter_id"]] for row in now}) == 1:
        bars = [(str(row[label]), row[at["value"]]) for row in now if row[at["unit"]] == unit]
        title = f"{words.sentence(measure)}: {now[0][at['submitter']]}, {told}"
    else:
        own = [row for row in now if row[at["cell_id"]] == first]
        bars = [(str(row[at["submitter"]]), row[at["value"]]) for row in own]
        title = f"{_named(measure, now[0][label])}, {told}"
    points = tuple((place, number) for place, number in bars if isinstance(number, Decimal))[:MOST_BARS]
    left = f" The first {MOST_BARS} are drawn." if len(bars) > MOST_BARS else ""
    if len(points) < 2:
        return None
    series = Series(words.unit_words(unit) or "Value", points)
    return Chart(title, f"Bars, {words.several(len(points), 'place')}. {title}.{left}", unit, (series,))


def _named(measure: str, label: Cell) -> str:
    """The measure and the answer, the measure once."""
    name = words.sentence(measure)
    return str(label) if str(label).lower().startswith(name.lower()) else f"{name}: {label}"


def _over_time(rows: list[tuple[Cell, ...]], at: dict[str, int]) -> tuple[Series, ...]:
    """A line for each submitter that has a number in every period; none where there is one period."""
    periods = sorted({str(row[at["period"]]) for row in rows})
    if len(periods) < 2:
        return ()
    found: dict[str, dict[str, Decimal]] = {}
    for row in rows:
        value = row[at["value"]]
        if isinstance(value, Decimal):
            found.setdefault(str(row[at["submitter"]]), {})[str(row[at["period"]])] = value
    whole = [(name, own) for name, own in sorted(found.items()) if len(own) == len(periods)]
    return tuple(
        Series(name, tuple((words.label_short(p), own[p]) for p in periods))
        for name, own in whole[:MOST_LINES]
    )


def _introduction(facts: RunFacts, notes: ReadingNotes) -> tuple[str, ...]:
    synthetic = ("Synthetic data: nobody in this workbook exists.",) if facts.is_synthetic else ()
    return (
        *synthetic,
        f"For {facts.client_name}, {words.month(facts.reporting_period)}, as at {words.day(facts.as_at)}.",
        notes.told,
    )


def _state(states: Sequence[ReturnState], due: dict[str, str]) -> DataTable:
    """How far each submitter is; a row for each reason where a return is blocked."""
    rows: list[tuple[Cell, ...]] = []
    for state in states:
        head = (state.owed.submitter_id, state.owed.submitter_name)
        filled = (Decimal(state.filled), Decimal(state.asked)) if state.rows else (None, None)
        if state.owed.is_ready:
            rows.append((*head, "ready", due[state.path], *filled, "", "nothing stands in the way", "", ""))
        for stop in state.stops:
            who = "; ".join(stop.who)
            rows.append(
                (*head, "blocked", due[state.path], *filled, stop.rule_id, stop.message, who, stop.next_step)
            )
    columns = (
        *(Column("submitter_id", "Submitter id"), Column("submitter", "Submitter"), Column("state", "State")),
        Column("due", "Hand in by"),
        Column("filled", "Answers filled", NUMBER, blank="[x]"),
        Column("asked", "Answers asked", NUMBER, blank="[x]"),
        *(Column("rule_id", "Rule", blank="[z]"), Column("reason", "What stands in the way")),
        *(Column("who", "Whom to ask", blank="[z]"), Column("to_do", "What to do", blank="[z]")),
    )
    about = "Ready or blocked, why, and who can put it right."
    return DataTable("state", "How far each submitter is", about, columns, tuple(rows), ("submitter_id",))


def _notes(facts: RunFacts, notes: ReadingNotes) -> DataTable:
    rows: list[tuple[Cell, ...]] = [
        ("As at", words.day(facts.as_at)),
        ("Reporting period", words.month(facts.reporting_period)),
        ("Completeness", f"{notes.completeness} that were sent could be taken in; others are in no figure."),
        ("Small numbers", notes.told),
        *((f"The mark {mark}", f"{meaning[:1].upper()}{meaning[1:]}.") for mark, meaning in MARKS.items()),
        ("Zero", "A real zero: the records were there, and none of them counts."),
        ("Blank text", "There is nothing to say there."),
        *(("Evidence " + mark, f"The definition is {told_of}.") for mark, told_of in words.EVIDENCE.items()),
        ("Quality Good", "Filled, and no rule that names the answer found a fault."),
        ("Quality Check", "A rule found rows to look at before the answer is handed in."),
        ("Quality Unsure", "The definition is from memory, not yet seen in a source."),
        ("Interval", "The 95% Wilson interval says what chance alone could make of a share at this size."),
        ("Published", "What somebody else published, as it was supplied with its source and its date."),
        *(("Source", source) for source in notes.sources),
        ("Made by", software_version()),
    ]
    columns = (Column("topic", "Topic"), Column("note", "Note"))
    return DataTable(
        "notes", "How to read the numbers", "Marks, sources, as-at day.", columns, tuple(rows), ()
    )


def _source(sender: Sender, released: Released) -> str:
    """Who sent what, and what became of it, in one line."""
    counts = (released.row(TAKEN_IN, (sender.sender_id, TOTAL, what)) for what in WHAT_BECAME)
    told = ", ".join(f"{text_of(row)} {what.lower()}" for row, what in zip(counts, WHAT_BECAME, strict=True))
    system = f", {sender.system}" if sender.system else ""
    return f"{sender.name}, {sender.kind}{system}, as at {words.day(sender.as_at)}; rows: {told}"


def _methods(definitions: Iterable[ReturnDefinition]) -> DataTable:
    rows: list[tuple[Cell, ...]] = []
    for definition in definitions:
        for section, text in method_sections(definition.method).items():
            for start in range(0, len(text), _LONGEST):
                rows.append((definition.title, section, text[start : start + _LONGEST]))
    columns = (Column("return", "Return"), Column("section", "Section"), Column("words", "In words"))
    about = "How the figures are made, as the return's method says it."
    return DataTable("method", "Method", about, columns, tuple(rows), ())
