"""The councils and the providers with their registered locations."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field

from orchestration.synthetic.chance import stream
from orchestration.synthetic.nhs_numbers import looks_like_a_number
from orchestration.synthetic.people import NAMES
from orchestration.synthetic.person import Address

FIRST_PROVIDERS = (
    ("oakfield_care", "Oakfield Care Ltd", "care_home", ("Oakfield House", "Oakfield Lodge Nursing Home")),
    ("harbour_homes", "Harbour Homes Ltd", "care_home", ("Harbour View",)),
    ("brightways_homecare", "Brightways Homecare Ltd", "home_care", ("Brightways Homecare",)),
    (
        "fernside_support",
        "Fernside Support CIC",
        "home_care",
        ("Fernside Supported Living", "Fernside Shared Lives"),
    ),
)
FREE_CODES = [f"{n:03d}" for n in (*range(1, 102), *range(942, 999))]
FIRST_COUNCIL = ("northmere_council", "Northmere", "999")
MORE_NAMES = (
    "Ashgrove",
    "Birchwood",
    "Cedars",
    "Dovecote",
    "Elmhurst",
    "Foxglove",
    "Glebe",
    "Heathfield",
    "Ivybridge",
    "Juniper",
    "Kingfisher",
    "Lavender",
    "Mulberry",
    "Nightingale",
    "Orchard",
    "Primrose",
    "Quayside",
    "Rosewood",
    "Sycamore",
    "Thornfield",
    "Underhill",
    "Vale",
    "Willowbrook",
    "Yewdale",
)
SYSTEMS = (("CareNotes", "4.2"), ("HomeLedger", "2026.3"), ("RotaPlan", "7.1"), ("SupportPath", "3.0"))


@dataclass(slots=True)
class Location:
    """One location registered with the regulator."""

    location_id: str
    name: str
    setting: str
    nursing: bool
    address: Address
    beds: int = 0

    @property
    def shared_lives(self) -> bool:
        """True where the location is a Shared Lives scheme; the common paths of care lead to none."""
        return self.name.endswith("Shared Lives")


@dataclass(slots=True)
class Provider:
    """One provider and how its record system hands over."""

    sender_id: str
    name: str
    setting: str
    number: int
    provider_id: str
    ods_code: str
    locations: list[Location]
    file_format: str
    keeps_occupancy: bool
    keeps_staff: bool

    @property
    def system(self) -> tuple[str, str]:
        """The record system the provider uses, with its version."""
        return SYSTEMS[self.number % len(SYSTEMS)]

    @property
    def initials(self) -> str:
        """Three letters that begin the provider's own person ids."""
        return self.sender_id[:3].upper()


@dataclass(slots=True)
class Council:
    """One council: the client whose records are linked together."""

    sender_id: str
    name: str
    code: str
    number: int
    trace_sender: str
    providers: list[Provider] = field(default_factory=list)


def _council_code(n: int) -> str:
    """Return a three-digit code that no English council has: theirs run from 102 to 941."""
    if n > len(FREE_CODES):
        raise ValueError(f"at most {len(FREE_CODES) + 1} councils")
    return FREE_CODES[n - 1]


def _register_ids() -> list[int]:
    return [900_000_000]


def _next_id(counter: list[int]) -> str:
    """Return the next register id; one whose digits would pass as an NHS number is skipped."""
    while True:
        counter[0] += 1
        text = f"1-{counter[0]}"
        if not looks_like_a_number(text):
            return text


def make_councils(seed: int, councils: int, providers: int) -> list[Council]:
    """Return the councils with their providers, dealt out in turn; the first four have fixed names."""
    with (NAMES / "places.csv").open(encoding="utf-8", newline="") as handle:
        places = [r["place"] for r in csv.DictReader(handle)]
    made = []
    for n in range(councils):
        sender, name, code = FIRST_COUNCIL
        if n:
            name = places[n % len(places)] + ("" if n < len(places) else f" {n // len(places) + 1}")
            sender = "".join(c if c.isalnum() else "_" for c in name.lower()) + "_council"
            code = _council_code(n)
        made.append(Council(sender, name, code, n, "pds_trace" if n == 0 else f"pds_trace_{code}"))
    counter = _register_ids()
    for n in range(providers):
        council = made[0 if n < len(FIRST_PROVIDERS) and councils == 1 else n % councils]
        council.providers.append(_provider(seed, n, council, counter, places))
    return made


def _provider(seed: int, n: int, council: Council, counter: list[int], places: list[str]) -> Provider:
    rng = stream(seed, "provider", n)
    if n < len(FIRST_PROVIDERS):
        sender, name, setting, location_names = FIRST_PROVIDERS[n]
    else:
        word = MORE_NAMES[n % len(MORE_NAMES)]
        setting = "care_home" if rng.random() < 0.6 else "home_care"
        kind = "Homes" if setting == "care_home" else "Homecare"
        sender, name = f"{word.lower()}_{kind.lower()}_{n + 1}", f"{word} {kind} {n + 1} Ltd"
        names = (f"{word} House", f"{word} Nursing Home") if setting == "care_home" else (f"{word} Homecare",)
        location_names = names if rng.random() < 0.3 else names[:1]
    provider_id = _next_id(counter)
    locations = []
    for i, location_name in enumerate(location_names):
        street = rng.choice(("Harbour Road", "Park Avenue", "Mill Lane", "Beech Grove"))
        address = Address(
            line_1=location_name,
            line_2=f"{rng.randint(1, 90)} {street}",
            town=rng.choice(places),
            postcode=f"ZY{50 + n % 40} {1 + i}{'ABDEFGHJLN'[n % 10]}{'PQRSTUWXYZ'[(n // 10) % 10]}",
            uprn=f"98{n:06d}{i:04d}",
        )
        locations.append(
            Location(_next_id(counter), location_name, setting, setting == "care_home" and i == 1, address)
        )
    return Provider(
        sender_id=sender,
        name=name,
        setting=setting,
        number=n,
        provider_id=provider_id,
        ods_code=f"A9{n:03d}",
        locations=locations,
        file_format=("csv", "csv", "ndjson", "parquet")[n % 4],
        keeps_occupancy=n % 4 != 1,
        keeps_staff=n % 4 != 3,
    )
