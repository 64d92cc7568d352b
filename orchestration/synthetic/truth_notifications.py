"""The true work list of each location for CQC notifications, from the words of the definitions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from orchestration.synthetic.maker_world import World
from orchestration.synthetic.tables import Row, Tables
from orchestration.synthetic.truth_knowledge import Knowledge

RETURN_ID = "cqc_notifications"
TYPES = ("death", "detained_death_or_absence", "serious_injury", "dols_outcome", "abuse", "police")
INJURIES = {"125605004", "5913000", "421927004", "420597008"}
ASSAULT = "90774003"
OUTCOMES = {"Authorised": "granted", "Not authorised": "not granted", "Withdrawn": "withdrawn"}
DAYS_AFTER_CARE = 30
Figure = tuple[str, int]
Held = dict[str, list[tuple[str, Row]]]


@dataclass(frozen=True, slots=True)
class Event:
    """One event at one location, and what became of it."""

    kind: str
    person: str
    day: str
    state: str


class NotificationTruth:
    """Knows every event of a world, and tells a location's list."""

    def __init__(self, world: World, knowledge: Knowledge) -> None:
        self.day = str(world.as_at)
        self.knowledge = knowledge
        self.senders = world.provider_tables
        self.locations = {
            row["cqc_location_id"]: (sender, row["care_setting"])
            for sender, tables in self.senders.items()
            for row in tables.newest("care_provider")
        }
        self.services = self._by_person("service")
        self.sections = self._by_person("mental_health_act")
        self.statements = self._by_person("advance_statement")
        self.risks, self.plans = self._by_person("risk"), self._by_person("care_plan")
        self.decisions: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for sender, row in self._newest("notification_decision"):
            named = row.get("event_record", "").removeprefix(f"{sender}:")
            self.decisions[sender, named or self._who(sender, row)].append(row)
        self.died_at: dict[str, dict[str, str]] = defaultdict(dict)
        self.moves: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
        for sender, row in self._newest("discharge_details"):
            who, place = self._who(sender, row), row["discharge_location"]
            if row.get("discharge_method") == "4":
                self.died_at[who][place] = row["date_of_discharge"][:10]
            else:
                self.moves[who, place].append((row["date_of_discharge"], "left"))
        for sender, row in self._newest("admission_details"):
            self.moves[self._who(sender, row), row["admitted_to"]].append((row["date_of_admission"], "came"))
        self.events: dict[str, list[Event]] = defaultdict(list)
        self.incidents: dict[str, list[bool]] = defaultdict(list)
        self._deaths()
        for sender, tables in self.senders.items():
            self._incidents(sender, tables)
            self._others(sender, tables)

    def _newest(self, record_class: str) -> Iterator[tuple[str, Row]]:
        for sender, tables in self.senders.items():
            for row in tables.newest(record_class):
                yield sender, row

    def _who(self, sender: str, row: Row) -> str:
        return self.knowledge.person(sender, row["subject_of_care"]).key

    def _by_person(self, record_class: str) -> Held:
        found: Held = defaultdict(list)
        for sender, row in self._newest(record_class):
            found[self._who(sender, row)].append((sender, row))
        return found

    def _detained(self, who: str, day: str) -> bool:
        return any(
            row["section_start_date"] <= day <= row.get("section_end_date", "9999")
            for _, row in self.sections.get(who, [])
            if row["legal_status_coded_value"] == "03"
        )

    def _deaths(self) -> None:
        for who in list(self.services):
            person = self.knowledge.by_key[who]
            if person.died and (self.knowledge.death_known(person) or self.died_at[who]):
                died = str(person.died)
                kind = "detained_death_or_absence" if self._detained(who, died) else "death"
                for place in {s.get("care_provider", "") for _, s in self.services[who]} | set(
                    self.died_at[who]
                ):
                    if self._in_care(who, place, died) or (kind != "death" and self._began(who, place, died)):
                        state = self._decided(self.locations[place][0], place, ("death",), who)
                        self.events[place].append(Event(kind, who, died, state))

    def _began(self, who: str, place: str, day: str) -> str | None:
        starts = [s["service_start_date"] for _, s in self.services[who] if s.get("care_provider") == place]
        return min((s for s in starts if s <= day), default=None)

    def _in_care(self, who: str, place: str, died: str) -> bool:
        if place in self.died_at[who]:
            return True
        moves = sorted(m for m in self.moves[who, place] if m[0][:10] < died)
        left = moves[-1][0][:10] if moves and moves[-1][1] == "left" else None
        for _, service in self.services[who]:
            start = service["service_start_date"]
            if service.get("care_provider") != place or start > died:
                continue
            end = service.get("service_end_date")
            if left and left >= start and (end is None or end > left):
                end = left
            if end is None or (date.fromisoformat(died) - date.fromisoformat(end)).days <= DAYS_AFTER_CARE:
                return True
        return False

    def _places(self, sender: str, who: str, day: str) -> set[str]:
        own = [s for held, s in self.services[who] if held == sender and s.get("care_provider")]
        then = {
            s["care_provider"]
            for s in own
            if s["service_start_date"] <= day <= s.get("service_end_date", "9999")
        }
        of_sender = {place for place, (holder, _) in self.locations.items() if holder == sender}
        return then or {s["care_provider"] for s in own} or of_sender

    def _decided(self, sender: str, place: str, kinds: tuple[str, ...], about: str, outcome: str = "") -> str:
        """What the last decision up to the day says of one event."""
        fitting = [
            (row["decided_on"], row["record_uid"], row["decision"])
            for row in self.decisions.get((sender, about), [])
            if row["notification_type"] in kinds
            and row["decided_on"] <= self.day
            and row.get("outcome", "") == outcome
            and row.get("care_provider", place) == place
        ]
        last = max(fitting)[2] if fitting else "open"
        return "open" if last == "withdrawn" else last

    def _incidents(self, sender: str, tables: Tables) -> None:
        versions: dict[str, list[Row]] = defaultdict(list)
        for row in tables.classes.get("incident", []):
            versions[row["record_uid"]].append(row)
        for uid, rows in versions.items():
            who, day = self._who(sender, rows[-1]), rows[-1]["date"]
            codes = {r["coded_value"].split("^")[0] for r in rows if "coded_value" in r}
            police = any("Police" in r.get("informed", "").split("|") for r in rows)
            kind = (
                "serious_injury"
                if codes & INJURIES
                else "abuse"
                if ASSAULT in codes
                else "police"
                if police
                else ""
            )
            for place in self._places(sender, who, day):
                self.incidents[place].append(not codes)
                if kind:
                    state = self._decided(sender, place, (kind,), f"incident:{uid}")
                    self.events[place].append(Event(kind, who, day, state))

    def _others(self, sender: str, tables: Tables) -> None:
        concerns: dict[str, list[Row]] = defaultdict(list)
        for row in tables.classes.get("safeguarding_concern", []):
            concerns[row["record_uid"]].append(row)
        for uid, rows in concerns.items():
            if any(r.get("safeguarding_indicator") != "No" for r in rows):
                self._place(
                    sender,
                    "abuse",
                    rows[-1],
                    rows[-1]["safeguarding_concerns_date"][:10],
                    f"safeguarding_concern:{uid}",
                )
        for row in tables.newest("problem"):
            if row.get("problem_coded_value") in INJURIES:
                first = min(s["service_start_date"] for _, s in self.services[self._who(sender, row)])
                if row["onset_date"] >= first:
                    self._place(
                        sender, "serious_injury", row, row["onset_date"], f"problem:{row['record_uid']}"
                    )
        for row in tables.newest("deprivation_of_liberty_safeguards"):
            outcome = OUTCOMES.get(row["application_status"])
            if outcome:
                place, record = row["care_provider"], f"deprivation_of_liberty_safeguards:{row['record_uid']}"
                state = self._decided(sender, place, ("dols_outcome",), record, outcome)
                day = row.get("start_date_of_authorisation", "")
                self.events[place].append(Event("dols_outcome", self._who(sender, row), day, state))

    def _place(self, sender: str, kind: str, row: Row, day: str, record: str) -> None:
        who = self._who(sender, row)
        for place in self._places(sender, who, day):
            state = self._decided(sender, place, (kind,), record)
            self.events[place].append(Event(kind, who, day, state))

    def location(self, place: str) -> tuple[list[Figure], list[tuple[str, int, int]], dict[str, set[str]]]:
        """Return a location's counts, its shares as part and whole, and the people behind the counts."""
        events = self.events[place]
        waiting = [e for e in events if e.state == "open"]
        figures = [(f"type.{kind}", sum(e.kind == kind for e in waiting)) for kind in TYPES]
        figures += [
            (f"list.{state}", sum(e.state == state for e in events))
            for state in ("open", "sent", "not_notifiable")
        ]
        figures.append(("list.found", len(events)))
        if waiting:
            # One extract, taken on the day itself: everything is known since today.
            figures.append(("list.longest_wait", 0))
        shares = [("incidents.uncoded", sum(self.incidents[place]), len(self.incidents[place]))]
        by_kind = {kind: [e for e in waiting if e.kind == kind] for kind in TYPES}
        for cell in ("provider", "uid", "age_range", "when"):
            shares.append((f"death.{cell}", len(by_kind["death"]), len(by_kind["death"])))
        began = [e for e in by_kind["death"] if self._began(e.person, place, e.day)]
        planned = [e for e in by_kind["death"] if _before(self.statements, "date", e)]
        shares += [
            ("death.began", len(began), len(by_kind["death"])),
            ("death.eol", len(planned), len(by_kind["death"])),
        ]
        for cell in ("head", "date", "kind"):
            shares.append(
                (f"serious_injury.{cell}", len(by_kind["serious_injury"]), len(by_kind["serious_injury"]))
            )
        for kind in ("serious_injury", "abuse"):
            told = [
                e
                for e in by_kind[kind]
                if _before(self.risks, "start_date_of_risk", e)
                or _before(self.plans, "date_this_plan_was_last_updated", e)
            ]
            shares.append((f"{kind}.risk_prompts", len(told), len(by_kind[kind])))
        shares.append(("dols_outcome.rest", len(by_kind["dols_outcome"]), len(by_kind["dols_outcome"])))
        people = {f"type.{kind}": {e.person for e in found} for kind, found in by_kind.items()}
        return figures, [s for s in shares if s[2]], people


def _before(held: Held, column: str, event: Event) -> bool:
    return any(row[column][:10] <= event.day for _, row in held.get(event.person, []))
