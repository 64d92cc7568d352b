"""What a submitter owes when: the windows of its returns within some days, and which are settled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from orchestration.returns import period_rules as rules
from orchestration.returns.calendar import bank_holidays, newest_day_of_the_year, period_bounds, window_bounds
from orchestration.returns.confirmations import Confirmation
from orchestration.returns.definitions import ReturnDefinition, Window
from orchestration.warehouse.build import Submitter

# A window may be rolled over a weekend and the longest row of bank holidays, or open after its period ended.
LOOK_BACK = timedelta(days=62)
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Due:
    """One window of one return for one submitter.

    `opens` None: the day is not known and `note` says what to supply; `expected` is then the month it is
    expected in, if that is known. `closes` None: there is no last day, the return stands until `until`.
    """

    return_id: str
    title: str
    submitter_id: str
    submitter_name: str
    period_label: str
    opens: date | None
    closes: date | None
    until: date | None = None
    expected: date | None = None
    every_day: bool = False
    handed_in_on: date | None = None
    note: str = ""

    @property
    def is_settled(self) -> bool:
        """True when a person has confirmed that it was handed in."""
        return self.handed_in_on is not None


@dataclass(frozen=True)
class _Asked:
    """One return as it is asked of one submitter, with what that submitter has handed in of it."""

    definition: ReturnDefinition
    window: Window
    submitter: Submitter
    own: tuple[Confirmation, ...]
    holidays: frozenset[date]

    def windows(self, first: date, last: date) -> Iterator[Due]:
        """The windows that touch the days from first to last, in their order."""
        if self.window.rule == rules.WITHOUT_DELAY:
            note = "each event without delay: see the work list of the day"
            yield self._due("", first, None, until=last, every_day=True, note=note)
        elif self.window.rule == rules.REFRESH_EACH_YEAR:
            yield from self._refreshed(first, last)
        elif self.window.rule == rules.DAYS_AFTER_REQUEST:
            yield from self._asked_for(first, last)
        else:
            for start, end, label in _periods(self.definition.period_rule, first, last):
                opens, closes = window_bounds(self.window, start, end, self.holidays)
                if opens and closes and opens <= last and closes >= first:
                    days = [c.handed_in_on for c in self.own if c.period_label == label]
                    yield self._due(label, opens, closes, handed_in_on=min(days, default=None))

    def _refreshed(self, first: date, last: date) -> Iterator[Due]:
        day = newest_day_of_the_year(self.window.refresh_from, first)
        while day <= last:
            again = day.replace(year=day.year + 1)
            until = again - timedelta(days=1)
            note = f"figures of any day on or after {day}"
            yield self._due(
                "", day, None, until=until, handed_in_on=self._first_between(day, until), note=note
            )
            day = again

    def _asked_for(self, first: date, last: date) -> Iterator[Due]:
        request, anniversary = self.window.request_date, self.window.anniversary_date
        asked, closes = window_bounds(self.window, first, last, self.holidays, self.submitter.dates)
        if asked and closes and asked <= last and closes >= first:
            until = asked + YEAR - timedelta(days=1)
            handed_in_on = self._first_between(asked, until)
            note = f"asked for on {asked}; due {self.window.days} days later"
            yield self._due("", asked, closes, until=until, handed_in_on=handed_in_on, note=note)
        day = self.submitter.dates.get(anniversary)
        if day is None:
            if asked is None:
                note = f"not known: supply {request} once asked, and {anniversary} to be told the month"
                yield self._due("", None, None, note=note)
            return
        for month in _months(first.replace(day=1), last):
            if month.month == day.month and (asked is None or abs(month - asked) > LOOK_BACK):
                note = (
                    f"expected to be asked for in {month:%B %Y}, due {self.window.days} days later: "
                    f"supply {request} when it comes"
                )
                yield self._due("", None, None, expected=month, note=note)

    def _first_between(self, opens: date, until: date) -> date | None:
        days = [c.handed_in_on for c in self.own if opens <= c.handed_in_on <= until]
        return min(days, default=None)

    def _due(
        self,
        label: str,
        opens: date | None,
        closes: date | None,
        *,
        until: date | None = None,
        expected: date | None = None,
        every_day: bool = False,
        handed_in_on: date | None = None,
        note: str = "",
    ) -> Due:
        return Due(
            return_id=self.definition.return_id,
            title=self.definition.title,
            submitter_id=self.submitter.submitter_id,
            submitter_name=self.submitter.name,
            period_label=label,
            opens=opens,
            closes=closes,
            until=until,
            expected=expected,
            every_day=every_day,
            handed_in_on=handed_in_on,
            note=note,
        )


def owed_by(
    definitions: Iterable[ReturnDefinition],
    submitter: Submitter,
    first: date,
    last: date,
    confirmations: Sequence[Confirmation] = (),
    holidays: frozenset[date] | None = None,
) -> list[Due]:
    """Return what a submitter owes from one day to another: windows that touch these days, soonest first."""
    listed = bank_holidays() if holidays is None else holidays
    found: list[Due] = []
    for definition in definitions:
        if definition.submitted_by == submitter.kind and definition.window:
            own = tuple(
                c
                for c in confirmations
                if (c.return_id, c.submitter_id) == (definition.return_id, submitter.submitter_id)
            )
            found += _Asked(definition, definition.window, submitter, own, listed).windows(first, last)
    return sorted(found, key=lambda due: (due.opens or due.expected or date.max, due.return_id))


def _months(day: date, last: date) -> Iterator[date]:
    """The first days of the months from a first of a month to a last day."""
    while day <= last:
        yield day
        day = (day + timedelta(days=32)).replace(day=1)


def _periods(rule: str, first: date, last: date) -> list[tuple[date, date, str]]:
    """The periods whose windows may touch the days from first to last, oldest first, each once."""
    months = _months((first - LOOK_BACK).replace(day=1), last)
    return list(dict.fromkeys(period_bounds(rule, f"{day:%Y-%m}", day) for day in months))
