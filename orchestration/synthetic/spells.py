"""A service a person truly had, and all the care of one area."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from orchestration.synthetic.person import Person
from orchestration.synthetic.places import Location, Provider

# What the service is, in the words of the council's return: service type, component.
CLD_SERVICE = {
    "nursing": ("Long term support: Nursing care", "Long term nursing care"),
    "residential": ("Long term support: Residential care", "Long term residential care"),
    "respite": ("Short term support: Other short term", "Short term residential care"),
    "home": ("Long term support: Community", "Home support or domiciliary care"),
    "supported": ("Long term support: Community", "Community supported living"),
    "shared_lives": ("Long term support: Community", "Shared Lives"),
    "reablement": ("Short term support: ST-Max", "Reablement"),
    "direct_payment": ("Long term support: Community", "Direct payment"),
    "day": ("Long term support: Community", "Day support"),
    "equipment": ("Short term support: Ongoing low level", "Equipment"),
    "carer": ("Unpaid carer support: Direct to unpaid carer", "Other unpaid carer support"),
    "sitting": (
        "Unpaid carer support: Support involving the person cared-for",
        "Unpaid carer sitting service",
    ),
}
DESCRIPTIONS = {
    "nursing": "Nursing care, long stay",
    "residential": "Residential care, long stay",
    "respite": "Respite stay",
    "home": "Personal care at home",
    "supported": "Supported living",
    "shared_lives": "Life in the household of a Shared Lives carer",
    "reablement": "Reablement after hospital",
    "housing": "Housing-related support",
}


@dataclass(slots=True)
class Spell:
    """One service a person had, from its true start to its true or planned end."""

    person: Person
    kind: str
    start: date
    end: date | None
    funding: str
    provider: Provider | None = None
    location: Location | None = None
    planned: bool = False
    regulated: bool = True
    left_open: bool = False
    suspended: bool = False
    weekly_pence: int = 0
    hourly_pence: int = 0
    hours: int = 0
    # Stays: when the person came and went, with the method and destination of each departure.
    admitted: list[date] = field(default_factory=list)
    discharged: list[tuple[date, str, str]] = field(default_factory=list)
    # A second registration of the same stay or package under another local id.
    registered_twice: bool = False

    @property
    def council_funded(self) -> bool:
        """True where the council pays at least a part, so that it reports the service."""
        return self.funding in ("local_authority", "joint")

    @property
    def recorded_end(self) -> date | None:
        """The end date as the provider's newest record has it."""
        return None if self.left_open else self.end


@dataclass(slots=True)
class Care:
    """Everything that truly happened in one council's area."""

    spells: list[Spell] = field(default_factory=list)
    council_spells: list[Spell] = field(default_factory=list)
    # People who asked and got no service.
    asked_only: list[Person] = field(default_factory=list)

    def of_provider(self, provider: Provider) -> list[Spell]:
        """Return the spells at one provider, in the order they were made."""
        return [s for s in self.spells if s.provider is provider]
