"""The ASC-WDS files a provider keeps itself: its workplaces as last described, its workers, its training."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from orchestration.extracts.profile import load_profile
from orchestration.synthetic.chance import pick, stream
from orchestration.synthetic.places import Location
from orchestration.synthetic.provider_rows import ProviderExtract
from orchestration.synthetic.tables import Row
from orchestration.synthetic.worker_rows import WorkerRecords

WORKPLACE = "asc_wds_workplace"
STAFF = "asc_wds_staff"
TRAINING = "asc_wds_training"
OPTIONAL = ("chguniquewrkid", "transferstaffrecord")
# A fourth qualification and those after it have columns only where somebody has them.
WRITTEN_QUALIFICATIONS = 3
SERVICES = {True: "1", False: "2"}


@dataclass(frozen=True, slots=True)
class Habit:
    """How a provider keeps its workplace file: what it lists, and what it leaves to the records."""

    day_care: bool
    own_id: bool
    says_no_other: bool
    gives_address: bool
    status: str


HABITS = (
    Habit(day_care=True, own_id=False, says_no_other=False, gives_address=True, status="UPDATE"),
    Habit(day_care=False, own_id=True, says_no_other=False, gives_address=False, status="UNCHECKED"),
    Habit(day_care=False, own_id=True, says_no_other=True, gives_address=True, status="NOCHANGE"),
    Habit(day_care=False, own_id=False, says_no_other=False, gives_address=False, status="UPDATE"),
)


class WorkforceFiles:
    """Adds the three files of the bulk upload to a provider's tables; none of its draws moves another row."""

    def __init__(self, extract: ProviderExtract) -> None:
        self.extract = extract
        self.provider = extract.provider
        self.classes = extract.tables.classes
        self.as_at = extract.as_at
        self.habit = HABITS[self.provider.number % len(HABITS)]
        self.rng = stream(extract.seed, "workforce", self.provider.number)

    def build(self) -> None:
        """Write the workplaces, and workers and trainings where the provider keeps records of its staff."""
        workers: list[Row] = []
        trainings: list[Row] = []
        for location in self.provider.locations:
            here, done = WorkerRecords(self.extract, location, self.workplace_id(location), self.rng).build()
            workers += here
            trainings += done
            self.classes[WORKPLACE].append(_whole(WORKPLACE, self._workplace(location, here)))
        columns = _columns_in_use(workers)
        for record_class, rows in ((STAFF, workers), (TRAINING, trainings)):
            if rows:
                self.classes[record_class] += [
                    {name: row.get(name, "") for name in columns}
                    if record_class == STAFF
                    else _whole(TRAINING, row)
                    for row in rows
                ]

    def workplace_id(self, location: Location) -> str:
        """Return the id the provider gives a workplace: its CQC location id, or a short name of its own."""
        if not self.habit.own_id:
            return location.location_id
        return f"{self.provider.initials}-{self.provider.locations.index(location) + 1}"

    def _workplace(self, location: Location, workers: list[Row]) -> Row:
        rng, habit = self.rng, self.habit
        kept = [w for w in workers if w["status"] != "DELETE"]
        services = list(self._services(location))
        no_other = ["0"] if habit.says_no_other and len(services) == 1 else []
        row: Row = {
            "localestid": self.workplace_id(location),
            "status": habit.status,
            "estname": location.name if habit.gives_address else f"{location.name} (Care)",
            "esttype": "7" if self.provider.name.endswith("CIC") else "6",
            "permcqc": "1",
            "permla": rng.choice(("0", "1")),
            "regtype": "2" if habit.gives_address else "",
            "provnum": self.provider.provider_id if habit.gives_address else "",
            "locationid": location.location_id if habit.own_id or rng.random() < 0.5 else "",
            "mainservice": services[0][0],
            "allservices": ";".join([code for code, _, _ in services] + no_other),
            "capacity": ";".join(capacity for _, capacity, _ in services),
            "utilisation": ";".join(used for _, _, used in services),
            "servicedesc": ";" * (len(services) - 1),
            "serviceusers": "3;21" if habit.day_care else "",
            "otheruserdesc": "Older people;Visitors" if habit.day_care else "",
            "dha": "1" if location.nursing else "2",
            "dhaactivities": "1;2;4" if location.nursing else "",
            "repeattraining": rng.choice(("1", "2", "3", "4")),
            "cwpaware": "",
            "cwpuse": pick(rng, (("2", 3.0), ("1;1;10", 1.0), ("999", 1.0))),
            "sickpay": "1",
            "pension": "1",
            "actualcont": "5",
            "optoutpen": "2",
            "holiday": "28",
            "sleepins": "1" if location.setting == "home_care" else "2",
            "sleepinpay": "2" if location.setting == "home_care" else "",
            "traveltime": "1" if location.setting == "home_care" else "",
            "ttdiffrate": "12.60" if location.setting == "home_care" else "",
        }
        row["cwpusedesc"] = "Pay bands follow it" if row["cwpuse"].endswith(";10") else ""
        if habit.gives_address:
            home = location.address
            row |= {"address1": home.line_1, "address2": home.line_2, "postcode": home.postcode}
        row["posttown"] = location.address.town
        return row | self._people_who_work(kept)

    def _services(self, location: Location) -> Iterator[tuple[str, str, str]]:
        """Return each service as the provider remembers it: its code, the capacity and the people then."""
        if location.setting == "home_care":
            supports = "Support" in location.name
            yield ("55" if supports else "8"), "", str(self.rng.randint(5, 40))
            return
        places = location.beds
        if location.nursing:
            places = round(location.beds * 0.7)
        yield SERVICES[location.nursing], str(places), str(self.rng.randint(places // 2, places))
        if location.nursing:
            yield "2", str(location.beds - places), str(location.beds - places)
        if self.habit.day_care:
            yield "6", "15", str(self.rng.randint(4, 15))

    def _people_who_work(self, workers: list[Row]) -> Row:
        """Return who came, who left and who is wanted, by job role; every leaver has a reason."""
        rng = self.rng
        roles = sorted({w["mainjobrole"] for w in workers} | {"4"}, key=int)[:6]
        managed = any(w["mainjobrole"] == "4" for w in workers)
        leavers = [rng.randint(0, 3) if role != "4" else 0 for role in roles]
        all_left = sum(leavers)
        first = rng.randint(0, all_left)
        wanted = [rng.randint(0, 2) if role != "4" else int(not managed) for role in roles]
        total = len(workers) if workers else rng.randint(12, 30)
        return {
            # One in seven providers forgot somebody: a warning of the official service.
            "totalpermtemp": str(total + (self.provider.number % 7 == 1)),
            "alljobroles": ";".join(roles),
            "starters": ";".join(str(rng.randint(0, 3)) for _ in roles),
            "leavers": ";".join(str(n) for n in leavers),
            "vacancies": ";".join(str(n) for n in wanted),
            "reasons": "1;2" if all_left else "",
            "reasonnos": f"{first};{all_left - first}" if all_left else "",
        }


def _whole(record_class: str, row: Row) -> Row:
    return {column.name: row.get(column.name, "") for column in load_profile().classes[record_class].columns}


def _columns_in_use(workers: list[Row]) -> list[str]:
    """Return the staff columns a file has: the fixed ones, and optional ones that somebody filled."""
    most = max((sum(f"qualach{n:02d}" in w for n in range(1, 21)) for w in workers), default=0)
    columns = []
    for column in load_profile().classes[STAFF].columns:
        name = column.name
        if name in OPTIONAL and not any(name in w for w in workers):
            continue
        if name.startswith("qualach") and int(name[7:9]) > max(WRITTEN_QUALIFICATIONS, most):
            continue
        columns.append(name)
    return columns
