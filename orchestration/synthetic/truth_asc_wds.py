"""The true ASC-WDS columns of each workplace, from the people made and what the provider remembers."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from orchestration.synthetic.maker_world import World
from orchestration.synthetic.places import Location, Provider
from orchestration.synthetic.tables import Row
from orchestration.synthetic.truth_bands import people_in_bands
from orchestration.synthetic.truth_capacity import LocationTruth
from orchestration.synthetic.truth_knowledge import Knowledge

RETURN_ID = "asc_wds"
SERVICE_OF = {
    "Long term nursing care": "1",
    "Short term nursing care": "1",
    "Long term residential care": "2",
    "Short term residential care": "2",
    "Day support": "6",
    "Home support or domiciliary care": "8",
    "Reablement": "8",
    "Shared Lives": "17",
    "Extra care housing": "54",
    "Community supported living": "55",
}
CARE_HOME_SERVICES = ("1", "2")
# The group of people by need: of somebody of 65 or more, and of a younger adult.
GROUP_OF = {
    "none": ("3", "9"),
    "dementia": ("1", "28"),
    "eating_disorder": ("46", "31"),
    "learning_disability_or_autism": ("23", "5"),
    "mental_health": ("2", "6"),
    "mental_health_act": ("22", "29"),
    "physical_disability": ("25", "4"),
    "sensory_impairment": ("26", "7"),
    "substance_misuse": ("27", "8"),
}
YOUNG_PERSON = "45"
ASKED_QUALIFICATIONS = 3
OPTIONAL = ("chguniquewrkid", "transferstaffrecord")
SUMMED = ("CAPACITY", "UTILISATION", "TOTALPERMTEMP")
WORKPLACE_COLUMNS = ("submitter_id", "column", "text")
Counts = tuple[int, int]


@dataclass(slots=True)
class Workplace:
    """One workplace as its file must be: the text of each column, who is counted, how full its pages are."""

    columns: dict[str, str]
    people: dict[str, set[str]]
    shares: dict[str, Counts]

    def total(self, column: str) -> int | None:
        """Return the sum of a list's numbers, or nothing where no entry has one."""
        numbers = [int(n) for n in self.columns[column].split(";") if n]
        return sum(numbers) if numbers else None


class WorkplaceTruth(LocationTruth):
    """Fills one provider's workplaces at one day."""

    def __init__(self, world: World, provider: Provider, knowledge: Knowledge) -> None:
        super().__init__(world, provider, knowledge)
        self.bands = people_in_bands(self.tables, self.sender, knowledge, self.day)

    def workplace(self, location: Location) -> Workplace:
        """Return what the upload of a location must say."""
        files = self.tables.classes
        code = location.location_id
        own = next(
            row for row in files["asc_wds_workplace"] if code in (row["locationid"], row["localestid"])
        )
        supported = self.supported_now(code)
        users = self._users(supported)
        columns = {name.upper(): value for name, value in own.items()}
        changed = self._services(location, columns, supported)
        changed = _append(columns, "SERVICEUSERS", "OTHERUSERDESC", set(users)) or changed
        if changed and own["status"] in ("UNCHECKED", "NOCHANGE"):
            columns["STATUS"] = "UPDATE"
        self._identity(location, columns)
        used = {k for k, rows in supported.items() if any(_code(row) for row in rows)}
        people = {
            "workplace.UTILISATION": used,
            "workplace.SERVICEUSERS": {key for keys in users.values() for key in keys},
        }
        pages = {"staff": "asc_wds_staff", "training": "asc_wds_training"}
        shares: dict[str, Counts] = {}
        for page, name in pages.items():
            rows = [row for row in files.get(name, []) if row["localestid"] == own["localestid"]]
            shares |= _filled(page, rows)
        return Workplace(columns, people, shares)

    def _identity(self, location: Location, columns: dict[str, str]) -> None:
        """What the file leaves blank comes from the register's entry; address lines are never mixed."""
        entry = self._of("care_provider", "cqc_location_id", location.location_id)[0]
        known = {
            "ESTNAME": entry["cqc_location_name"],
            "POSTCODE": entry["postcode"],
            "REGTYPE": "2",
            "PROVNUM": entry["cqc_provider_id"],
            "LOCATIONID": location.location_id,
        }
        if not columns["ADDRESS1"]:
            known |= {f"ADDRESS{n}": entry.get(f"address_line_{n}", "") for n in (1, 2, 3)}
        columns.update({name: value for name, value in known.items() if not columns[name]})

    def _services(self, location: Location, columns: dict[str, str], supported: dict[str, list[Row]]) -> bool:
        """Fill the lists of services; return whether the records changed what the file said."""
        people: dict[str, set[str]] = defaultdict(set)
        for row in self._of("service", "care_provider", location.location_id):
            # A service that nobody has any more counts nobody; one that nobody ever had is not known.
            people[_code(row)] |= set()
        for key, rows in supported.items():
            for row in rows:
                people[_code(row)].add(key)
        people.pop("", None)
        listed = [code for code in columns["ALLSERVICES"].split(";") if code != "0"]
        says_no_other = len(listed) < len(columns["ALLSERVICES"].split(";"))
        remembered = {
            name: dict(zip(listed, columns[name].split(";"), strict=True))
            for name in ("CAPACITY", "UTILISATION", "SERVICEDESC")
        }
        added = sorted((code for code in people if people[code] and code not in listed), key=int)
        services = listed + added
        homes = [code for code in services if code in CARE_HOME_SERVICES]
        capacity = dict(remembered["CAPACITY"])
        if len(homes) == 1:
            capacity[homes[0]] = str(location.beds)
        used = remembered["UTILISATION"] | {c: str(len(people[c])) for c in services if c in people}
        changed = bool(added) or capacity != remembered["CAPACITY"] or used != remembered["UTILISATION"]
        no_other = says_no_other and len(services) == 1
        columns["ALLSERVICES"] = ";".join(services + ["0"] * no_other)
        for name, values in (
            ("CAPACITY", capacity),
            ("UTILISATION", used),
            ("SERVICEDESC", remembered["SERVICEDESC"]),
        ):
            columns[name] = ";".join(values.get(code, "") for code in services)
        return changed

    def _users(self, supported: dict[str, list[Row]]) -> dict[str, set[str]]:
        groups: dict[str, set[str]] = defaultdict(set)
        for key in supported:
            age = self.knowledge.by_key[key].age_on(self.as_at)
            needs = {band for band, people in self.bands.items() if key in people}
            for need in needs or {"none"}:
                groups[YOUNG_PERSON if age < 18 else GROUP_OF[need][age < 65]].add(key)
        return groups


def _code(service: Row) -> str:
    return SERVICE_OF.get(service.get("cld_service_component", ""), "")


def _append(columns: dict[str, str], lists: str, described: str, found: set[str]) -> bool:
    """Put what was found behind the list, each with a blank description; return whether any was new."""
    listed = columns[lists].split(";") if columns[lists] else []
    new = sorted(found - set(listed), key=int)
    words = columns[described].split(";") if listed else []
    columns[lists] = ";".join(listed + new)
    columns[described] = ";".join((words + [""] * len(listed))[: len(listed)] + [""] * len(new))
    return bool(new)


def _filled(page: str, rows: list[Row]) -> dict[str, Counts]:
    """Return, of each column that has a figure, how many rows have a value and how many there are."""
    if not rows:
        return {}
    names = [
        name for name in rows[0] if not name.startswith("qualach") or int(name[7:9]) <= ASKED_QUALIFICATIONS
    ]
    names += [name for name in OPTIONAL if page == "staff" and name not in names]
    return {f"{page}.{n.upper()}": (sum(bool(row.get(n)) for row in rows), len(rows)) for n in names}
