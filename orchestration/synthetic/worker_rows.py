"""The rows of the ASC-WDS staff and training files: one worker at a workplace, and what they learned."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from functools import cache
from random import Random

from orchestration.synthetic.chance import days_between, pick
from orchestration.synthetic.people import NAMES
from orchestration.synthetic.places import Location
from orchestration.synthetic.provider_rows import ProviderExtract
from orchestration.synthetic.tables import Row

UNITED_KINGDOM = "826"
REGISTERED_MANAGER = "4"
# Job roles by the staff group of the Staff record, with their weights.
ROLES = {
    "nurse": (("16", 1.0),),
    "care": (("8", 6.0), ("7", 2.0), ("52", 2.0), ("23", 0.5)),
    "non_care": (("26", 5.0), ("25", 2.0), ("43", 1.0), ("27", 0.5), ("34", 1.0)),
}
DESCRIBED = {"23": "Reminiscence and music", "27": "Minibus and garden"}
NATIONALITIES = ((UNITED_KINGDOM, 8.0), ("372", 0.5), ("356", 1.0), ("566", 1.0))
COURSES = (("5", "Moving and handling", "12"), ("8", "Fire safety", "12"), ("25", "Medicines", "36"))
QUALIFICATIONS = (("20", "2019"), ("1", "2015"), ("2", "2021"), ("3", "2023"))


@cache
def _names(file: str, column: str) -> list[str]:
    with (NAMES / file).open(encoding="utf-8", newline="") as handle:
        return [row[column] for row in csv.DictReader(handle)]


def british(day: date) -> str:
    """Return a day as the bulk upload writes it."""
    return day.strftime("%d/%m/%Y")


def expiry(done: date, months: int) -> date:
    """Return the last day of a training's validity: the day before the same day so many months later."""
    year, month = divmod(done.year * 12 + done.month - 1 + months, 12)
    for day in (done.day, 30, 29, 28):
        try:
            return date(year, month + 1, day) - timedelta(days=1)
        except ValueError:
            continue
    raise ValueError("every month has 28 days")


class WorkerRecords:
    """The workers of one location as its staff file has them, who they are in the Staff records too."""

    def __init__(self, extract: ProviderExtract, location: Location, workplace: str, rng: Random) -> None:
        self.as_at = extract.as_at
        self.workplace = workplace
        self.rng = rng
        self.staff = [
            row for row in extract.tables.newest("staff") if row["care_provider"] == location.location_id
        ]
        self.is_renamed = extract.provider.number % 4 == 1
        self.has_learned = extract.provider.number % 4 == 0

    def build(self) -> tuple[list[Row], list[Row]]:
        """Return the rows of the workers and of their trainings; those who left are there to be deleted."""
        workers: list[Row] = []
        trainings: list[Row] = []
        managed = False
        for record in self.staff:
            left = record.get("leaving_date", "9999") <= str(self.as_at)
            manages = not managed and not left and record["staff_group"] == "non_care"
            managed = managed or manages
            if left and self.rng.random() < 0.7:
                continue
            row = self._worker(record, manages)
            row["status"] = "DELETE" if left else pick(self.rng, (("UPDATE", 9.0), ("NEW", 1.0)))
            workers.append(row)
            if not left:
                trainings += self._trainings(row)
        if workers and self.is_renamed:
            workers[0]["chguniquewrkid"] = f"{workers[0]['uniqueworkerid']}-A"
        if workers and self.has_learned:
            for number, (code, year) in enumerate(QUALIFICATIONS, start=1):
                workers[0][f"qualach{number:02d}"] = f"{code};{year}"
                workers[0][f"qualach{number:02d}notes"] = "Certificate seen"
        return workers, trainings

    def _worker(self, record: Row, manages: bool) -> Row:
        rng, as_at = self.rng, self.as_at
        born = days_between(
            rng, as_at.replace(year=as_at.year - 62, day=1), as_at.replace(year=as_at.year - 34, day=1)
        )
        started = date.fromisoformat(record["start_date"]) if "start_date" in record else None
        nationality = pick(rng, NATIONALITIES)
        british_born = nationality == UNITED_KINGDOM
        role = REGISTERED_MANAGER if manages else pick(rng, ROLES[record["staff_group"]])
        employed = record["employment_status"] in ("1", "2")
        zero_hours = employed and rng.random() < 0.1
        hours = record.get("contracted_hours") or record.get("average_hours", "")
        annual = role in (REGISTERED_MANAGER, "16", "43")
        given, family = rng.choice(_names("given.csv", "given")), rng.choice(_names("family.csv", "family"))
        row: Row = {
            "localestid": self.workplace,
            "uniqueworkerid": record["unique_worker_id"],
            "displayid": f"{given} {family}",
            # The letters QQ are never given out.
            "ninumber": f"QQ{rng.randint(0, 999999):06d}{rng.choice('ABCD')}" if rng.random() < 0.8 else "",
            "postcode": f"ZY{rng.randint(1, 49)} {rng.randint(1, 9)}" + "".join(rng.sample("ABDEFPQRST", 2)),
            "dob": british(born),
            "gender": pick(rng, (("2", 8.0), ("1", 2.0), ("4", 0.1))),
            "ethnicity": pick(rng, (("31", 7.0), ("34", 1.0), ("41", 1.0), ("98", 0.5), ("99", 0.5))),
            "nationality": nationality,
            "britishcitizenship": "" if british_born else rng.choice(("1", "2", "999")),
            "countryofbirth": nationality,
            "yearofentry": "" if british_born else str(born.year + 18),
            "disabled": pick(rng, (("0", 9.0), ("1", 1.0), ("2", 0.3))),
            "carecert": rng.choice(("1", "2", "3")),
            "l2carecert": rng.choice(("1;2025", "2", "3")),
            "recsource": rng.choice(("1", "2", "5", "16")),
            "handcvisa": "" if british_born else rng.choice(("1", "2")),
            "startdate": british(started) if started else "",
            "startinsect": str(born.year + rng.randint(18, 24)) if rng.random() < 0.8 else "999",
            "dha": "",
            "apprentice": rng.choice(("2", "2", "2", "1", "999")),
            "emplstatus": record["employment_status"],
            "zerohrcont": "1" if zero_hours else "2",
            "dayssick": f"{rng.randint(0, 20)}" if rng.random() < 0.8 else "999",
            "salaryint": "1" if annual else "3",
            "salary": str(rng.randint(28, 52) * 1000) if annual else "",
            "hourlyrate": "" if annual else f"12.{rng.randint(21, 99)}",
            "mainjobrole": role,
            "mainjrdesc": DESCRIBED.get(role, ""),
            "conthours": _halves(hours) if employed and not zero_hours else "",
            "avghours": "" if employed and not zero_hours else _halves(hours),
            "nmcreg": "1" if role == "16" else "",
            "scqual": rng.choice(("1;3", "2", "999")),
            "nonscqual": rng.choice(("1;2", "2")),
            "cwpcategory": rng.choice(("1", "2", "998", "999")),
        }
        if row["handcvisa"] == "1":
            row["inoutuk"] = rng.choice(("1", "2"))
        if rng.random() < 0.3:
            row["qualach01"], row["qualach01notes"] = "20;2019", "Certificate seen"
        return row

    def _trainings(self, worker: Row) -> list[Row]:
        rng, rows = self.rng, []
        for category, name, months in rng.sample(COURSES, rng.randint(0, 2)):
            done = days_between(rng, self.as_at - timedelta(days=700), self.as_at - timedelta(days=5))
            in_house = rng.random() < 0.6
            rows.append(
                {
                    "localestid": worker["localestid"],
                    "uniqueworkerid": worker["uniqueworkerid"],
                    "category": category,
                    "trainingname": name,
                    "accredited": rng.choice(("0", "1", "999")),
                    "whodelivered": "1" if in_house else "2",
                    "providername": "" if in_house else "Learning for Care",
                    "howdelivered": rng.choice(("1", "2")),
                    "validity": months,
                    "datecompleted": british(done),
                    "expirydate": british(expiry(done, int(months))),
                }
            )
        return rows


def _halves(hours: str) -> str:
    """Return hours as the upload wants them: whole or half, no more places than needed."""
    return hours.removesuffix("0").removesuffix(".0") if hours else ""
