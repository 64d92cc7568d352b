"""Writing the truth of a made set: who is who, every figure, and the people behind the figures."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from orchestration.synthetic import truth_asc_wds, truth_capacity, truth_cld, truth_notifications, truth_pir
from orchestration.synthetic.maker_world import World
from orchestration.synthetic.tables import write_csv
from orchestration.synthetic.truth_asc_wds import Workplace, WorkplaceTruth
from orchestration.synthetic.truth_campaigns import CampaignTruth
from orchestration.synthetic.truth_capacity import LocationTruth
from orchestration.synthetic.truth_cld import CouncilTruth
from orchestration.synthetic.truth_knowledge import Knowledge
from orchestration.synthetic.truth_notifications import NotificationTruth
from orchestration.synthetic.truth_pir import PirTruth

FIGURE_COLUMNS = ("return_id", "submitter_id", "cell_id", "outcome", "value", "numerator", "denominator")


@dataclass(slots=True)
class Truth:
    """The truth of a whole set, gathered council by council."""

    who: list[tuple[str, str]] = field(default_factory=list)
    figures: list[tuple[str, ...]] = field(default_factory=list)
    membership: list[tuple[str, ...]] = field(default_factory=list)
    troubles: list[tuple[str, str, str]] = field(default_factory=list)
    workplaces: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, world: World) -> None:
        """Add one council's area."""
        knowledge = Knowledge(world)
        self.who += [(r.key, r.person.key) for r in world.records]
        self.troubles += [(r.key, trouble, r.answer) for r in world.records for trouble in r.troubles]
        notifications = NotificationTruth(world, knowledge)
        for provider in world.council.providers:
            counting = LocationTruth(world, provider, knowledge)
            answering = PirTruth(world, provider, knowledge)
            filling = WorkplaceTruth(world, provider, knowledge)
            campaigns = CampaignTruth(world, provider, knowledge)
            for location in provider.locations:
                tell = counting.care_home if location.setting == "care_home" else counting.home_care
                figures, people = tell(location.location_id)
                if location.setting == "care_home":
                    vaccinated, those = campaigns.vaccinated(location.location_id, people["occupied"])
                    figures, people = figures + vaccinated, people | those
                else:
                    self._handed_back(campaigns, location.location_id)
                for cell, value in figures:
                    self._count(truth_capacity.RETURN_ID, location.location_id, cell, value)
                self._members(truth_capacity.RETURN_ID, location.location_id, people)
                self._notifications(notifications, location.location_id)
                answers, behind = answering.location(location.location_id, location.setting == "home_care")
                for cell, value in answers:
                    self._count(truth_pir.RETURN_ID, location.location_id, cell, value)
                self._members(truth_pir.RETURN_ID, location.location_id, behind)
                self._workplace(location.location_id, filling.workplace(location))
        council = CouncilTruth(world, knowledge)
        code = world.council.code
        served = council.people()
        for cell, value in (council.counts() | {c: len(keys) for c, keys in served.items()}).items():
            self._count(truth_cld.RETURN_ID, code, cell, value)
        self._members(truth_cld.RETURN_ID, code, served)
        for cell, (filled, applying) in council.fields().items():
            self._share(truth_cld.RETURN_ID, code, cell, filled, applying)

    def _notifications(self, truth: NotificationTruth, location: str) -> None:
        figures, shares, people = truth.location(location)
        for cell, value in figures:
            self._count(truth_notifications.RETURN_ID, location, cell, value)
        for cell, part, whole in shares:
            self._share(truth_notifications.RETURN_ID, location, cell, part, whole)
        self._members(truth_notifications.RETURN_ID, location, people)

    def _workplace(self, location: str, workplace: Workplace) -> None:
        for column, text in workplace.columns.items():
            self.workplaces.append((location, column, text))
            if column in truth_asc_wds.SUMMED:
                total = workplace.total(column)
                if total is not None:
                    self._count(truth_asc_wds.RETURN_ID, location, f"workplace.{column}", total)
            elif text.strip(";"):
                row = (truth_asc_wds.RETURN_ID, location, f"workplace.{column}", "filled", "", "", "")
                self.figures.append(row)
        for cell, (filled, rows) in workplace.shares.items():
            self._share(truth_asc_wds.RETURN_ID, location, cell, filled, rows)
        self._members(truth_asc_wds.RETURN_ID, location, workplace.people)

    def _handed_back(self, truth: CampaignTruth, location: str) -> None:
        found = truth.handed_back(location)
        if found:
            back, ran = found
            percent = (Decimal(100 * len(back)) / len(ran)).quantize(Decimal("0.1"), ROUND_HALF_UP)
            outcome = "filled" if back else "zero"
            value = f"{percent.normalize():f}"
            numbers = (value, str(len(back)), str(len(ran)))
            self.figures.append((truth_capacity.RETURN_ID, location, "poc_returned", outcome, *numbers))
            self._members(truth_capacity.RETURN_ID, location, {"poc_returned": back})

    def _count(self, return_id: str, submitter: str, cell: str, value: int) -> None:
        self.figures.append((return_id, submitter, cell, "filled" if value else "zero", str(value), "", ""))

    def _share(self, return_id: str, submitter: str, cell: str, filled: int, applying: int) -> None:
        outcome = "not_applicable" if not applying else "filled" if filled else "zero"
        value = ""
        if applying:
            value = str((Decimal(filled) / applying).quantize(Decimal("0.0001"), ROUND_HALF_UP))
        row = (return_id, submitter, cell, outcome, value, str(filled), str(applying))
        self.figures.append(row)

    def _members(self, return_id: str, submitter: str, people: dict[str, set[str]]) -> None:
        for cell, keys in people.items():
            self.membership += [(return_id, submitter, cell, key) for key in sorted(keys)]

    def write(self, folder: Path) -> None:
        """Write the files of the truth, each in its own fixed order."""
        folder.mkdir(parents=True)
        write_csv(folder / "who_is_who.csv", ("person_record_key", "person"), sorted(self.who))
        write_csv(folder / "figures.csv", FIGURE_COLUMNS, sorted(self.figures))
        write_csv(
            folder / "membership.csv",
            ("return_id", "submitter_id", "cell_id", "person"),
            sorted(self.membership),
        )
        write_csv(folder / "asc_wds_workplaces.csv", truth_asc_wds.WORKPLACE_COLUMNS, sorted(self.workplaces))
        write_csv(
            folder / "troubles.csv", ("person_record_key", "trouble", "trace_answer"), sorted(self.troubles)
        )
