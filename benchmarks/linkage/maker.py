"""Invented person records in English shape with the truth, and trace answers that err, for any seed and size.

People, homes and names are made up; numbers begin with 9 and were never issued. The rates of the faults are
in RATES and, for answers, in ANSWER_RATES.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.linkage.answers import ANSWER_RATES, answer_records
from benchmarks.linkage.names import AREAS, FEMALE, MALE, SURNAMES, SYLLABLES, nicknames

RATES = {
    "number_missing": 0.15,
    "number_mistyped": 0.012,
    # Of records; only those of people with a relative among the people can carry the relative's number.
    "number_of_someone_else": 0.0068,
    # Of people; each of their records has the earlier number with the chance below it.
    "number_replaced": 0.0112,
    "earlier_number": 0.4,
    "given_typo": 0.03,
    "family_typo": 0.03,
    "initial": 0.03,
    "nickname": 0.05,
    "names_swapped": 0.005,
    "surname_change": 0.04,
    "day_month_swapped": 0.01,
    "birth_missing": 0.003,
    "birth_first_january": 0.005,
    "birth_year_off": 0.005,
    "birth_day_off": 0.010,
    "moved": 0.12,
    "address_missing": 0.01,
    "postcode_wrong": 0.015,
    "postcode_missing": 0.02,
    "gender_missing": 0.01,
    "gender_wrong": 0.003,
    "twins": 0.012,
    "namesakes": 0.006,
    "partners": 0.09,
}
# The share of moves that change the address line as well as the postcode. The kit's moves change the
# postcode alone.
KIT_FAR_MOVES, TRAINING_FAR_MOVES = 0.0, 0.5
RECORDS_PER_PERSON = (0.781, 0.159, 0.050, 0.010)
BIRTH_DECADES = {
    1910: 1,
    1920: 6,
    1930: 15,
    1940: 24,
    1950: 15,
    1960: 12,
    1970: 10,
    1980: 8,
    1990: 6,
    2000: 3,
}
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class RecordSet:
    """Records, who they are, and the trace service's answers about them."""

    records: pl.DataFrame
    truth: pl.DataFrame
    trace: pl.DataFrame


def whole_numbers(count: int, seed: int) -> np.ndarray:
    """Return distinct well-formed ten-digit numbers that begin with 9, outside the test range, for a seed."""
    return _numbers(count, np.random.default_rng(seed))


def _numbers(count: int, rng: np.random.Generator) -> np.ndarray:
    """Return distinct well-formed ten-digit numbers that begin with 9 and lie outside the test range."""
    space = 98_999_989  # prime, so that any step walks through all of it
    start, step = int(rng.integers(space)), int(rng.integers(1, space))
    stems = 900_000_000 + (start + step * np.arange(int(count * 1.15) + 100, dtype=np.int64)) % space
    weighed = np.zeros_like(stems)
    for place in range(9):
        weighed += (stems // 10 ** (8 - place) % 10) * (10 - place)
    check = (11 - weighed % 11) % 11
    whole = stems * 10 + check
    return whole[(check != 10)][:count].astype(str).astype(object)


def _made_names(count: int, rng: np.random.Generator) -> np.ndarray:
    parts = [np.array(p, dtype=object) for p in SYLLABLES]
    return parts[0][rng.integers(len(parts[0]), size=count)] + (
        parts[1][rng.integers(len(parts[1]), size=count)] + parts[2][rng.integers(len(parts[2]), size=count)]
    )


def _names(common: list[str], made: float, power: float, count: int, rng: np.random.Generator) -> np.ndarray:
    """Return names with a long tail: the common ones by rank, the rest made of syllables."""
    weights = 1 / (np.arange(len(common)) + 2.5) ** power
    chosen = np.array(common, dtype=object)[rng.choice(len(common), size=count, p=weights / weights.sum())]
    return np.where(rng.random(count) < made, _made_names(count, rng), chosen)


def _postcodes(count: int, rng: np.random.Generator) -> np.ndarray:
    second = np.array([a + b for a in "ABDEFGHJLNPQRSTUWXYZ" for b in "ABDEFGHJLNPQRSTUWXYZ"], dtype=object)
    area = np.array(AREAS, dtype=object)[rng.integers(len(AREAS), size=count)]
    district = rng.integers(1, 29, size=count).astype(str).astype(object)
    sector = rng.integers(0, 10, size=count).astype(str).astype(object)
    return area + district + " " + sector + second[rng.integers(len(second), size=count)]


def _people(count: int, rng: np.random.Generator) -> pl.DataFrame:
    decades = np.array(list(BIRTH_DECADES.values()), dtype=float)
    year = rng.choice(list(BIRTH_DECADES), size=count, p=decades / decades.sum()) + rng.integers(
        10, size=count
    )
    born = (year - 1970).astype("datetime64[Y]").astype("datetime64[D]") + rng.integers(365, size=count)
    female = rng.random(count) < 0.5
    family = _names(SURNAMES, 0.45, 0.85, count, rng)
    given_f, given_m = _names(FEMALE, 0.05, 0.75, count, rng), _names(MALE, 0.05, 0.75, count, rng)
    given = np.where(female, given_f, given_m)
    streets = max(count // 7, 10)
    road = _names(SURNAMES, 0.6, 0.85, count, rng) + " ROAD"
    address = rng.integers(1, 99, size=count).astype(str).astype(object) + " " + road
    postcode = _postcodes(streets, rng)[rng.integers(streets, size=count)]
    # People stand in pairs; a few pairs are twins, parent and child of one name, or partners.
    pairs = np.arange(count // 2)
    kind = rng.random(len(pairs))
    ends = np.cumsum([RATES["twins"], RATES["namesakes"], RATES["partners"]])
    twin, namesake = 2 * pairs[kind < ends[0]] + 1, 2 * pairs[(kind >= ends[0]) & (kind < ends[1])] + 1
    partner = 2 * pairs[(kind >= ends[1]) & (kind < ends[2])] + 1
    second = np.concatenate([twin, namesake, partner])
    for shared in (family, address, postcode):
        shared[second] = shared[second - 1]
    born[twin] = born[twin - 1]
    given[namesake], female[namesake] = given[namesake - 1], female[namesake - 1]
    born[namesake] = born[namesake - 1] + rng.integers(20 * 365, 40 * 365, size=len(namesake))
    female[partner] = ~female[partner - 1]
    given[partner] = np.where(female[partner], given_f[partner], given_m[partner])
    is_twin = np.zeros(count, dtype=bool)
    is_twin[twin] = is_twin[twin - 1] = True
    relative = np.full(count, -1)
    relative[second], relative[second - 1] = second - 1, second
    numbers = _numbers(2 * count, rng)
    return pl.DataFrame(
        {
            "person": np.arange(count),
            "number": numbers[:count],
            "old_number": numbers[count:],
            "family": family,
            "given": given,
            "born": born,
            "gender": np.where(female, "female", "male"),
            "address": address,
            "postcode": postcode,
            "is_twin": is_twin,
            "relative": relative,
            "later_family": _names(SURNAMES, 0.45, 0.85, count, rng),
            "is_unknown": rng.random(count) < ANSWER_RATES["unknown_to_pds"],
            "is_sensitive": rng.random(count) < ANSWER_RATES["sensitive"],
        }
    )


def _slip(word: str, place: float, kind: int, letter: int) -> str:
    """Return the word with one slip of the pen: a letter dropped, changed.

    Doubled or swapped with the next.
    """
    at = int(place * len(word))
    if kind == 0 and len(word) > 2:
        return word[:at] + word[at + 1 :]
    if kind == 1:
        return word[:at] + LETTERS[letter] + word[at + 1 :]
    if kind == 2 and at + 1 < len(word):
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + word[at : at + 1] + word[at:]


def _slips(words: np.ndarray, hit: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    chosen = np.flatnonzero(hit)
    drawn = zip(
        rng.random(len(chosen)),
        rng.integers(4, size=len(chosen)),
        rng.integers(26, size=len(chosen)),
        strict=True,
    )
    words = words.copy()
    words[chosen] = [_slip(words[i], *d) for i, d in zip(chosen, drawn, strict=True)]
    return words


def _records(people: pl.DataFrame, rng: np.random.Generator, far_moves: float) -> pl.DataFrame:
    copies = rng.choice(4, size=people.height, p=RECORDS_PER_PERSON) + 1
    person = np.repeat(np.arange(people.height), copies)
    source = np.arange(len(person)) - np.repeat(np.cumsum(copies) - copies, copies)
    count = len(person)

    def hit(fault: str) -> np.ndarray:
        return np.asarray(rng.random(count) < RATES[fault])

    own = people[person]
    number = own["number"].to_numpy().copy()
    fault = rng.random(count)
    ends = np.cumsum([RATES[f"number_{k}"] for k in ("missing", "mistyped", "of_someone_else")])
    missing, mistyped = fault < ends[0], (fault >= ends[0]) & (fault < ends[1])
    someone = (fault >= ends[1]) & (fault < ends[2])
    has_two = rng.random(people.height) < RATES["number_replaced"]
    replaced = has_two[person] & hit("earlier_number") & (fault >= ends[2])
    relative = own["relative"].to_numpy()
    someone &= relative >= 0
    number[someone] = people["number"].to_numpy()[relative[someone]]
    number[replaced] = own["old_number"].to_numpy()[replaced]
    for i in np.flatnonzero(mistyped):
        at = int(rng.integers(1, 9))
        digit = str((int(number[i][at]) + int(rng.integers(1, 10))) % 10)
        number[i] = number[i][:at] + digit + number[i][at + 1 :]
    number[missing] = None

    given, family = own["given"].to_numpy().copy(), own["family"].to_numpy().copy()
    changed = hit("surname_change") & (source > 0) & (own["gender"].to_numpy() == "female")
    family[changed] = own["later_family"].to_numpy()[changed]
    forms = nicknames()
    for i in np.flatnonzero(hit("nickname")):
        if known := forms.get(given[i]):
            given[i] = known[int(rng.integers(len(known)))]
    given, family = _slips(given, hit("given_typo"), rng), _slips(family, hit("family_typo"), rng)
    initial = hit("initial")
    given[initial] = [name[:1] for name in given[initial]]
    swapped = hit("names_swapped")
    given[swapped], family[swapped] = family[swapped], given[swapped].copy()

    born = own["born"].to_numpy().astype("datetime64[D]")
    year, month = born.astype("datetime64[Y]"), born.astype("datetime64[M]")
    month_of, day_of = (
        (month - year.astype("datetime64[M]")).astype(int),
        (born - month.astype("datetime64[D]")).astype(int),
    )
    turn = hit("day_month_swapped") & (day_of < 12)
    born = np.where(turn, (year.astype("datetime64[M]") + day_of).astype("datetime64[D]") + month_of, born)
    born = np.where(hit("birth_day_off"), month.astype("datetime64[D]") + rng.integers(28, size=count), born)
    off = hit("birth_year_off")
    years_off = rng.choice([-10, -2, -1, 1, 2, 10], size=count)
    moved_year = ((year + years_off).astype("datetime64[M]") + month_of).astype("datetime64[D]") + np.minimum(
        day_of, 27
    )
    born = np.where(off, moved_year, born)
    born = np.where(hit("birth_first_january"), year.astype("datetime64[D]"), born)
    born = np.where(hit("birth_missing"), np.datetime64("NaT"), born)

    postcode = own["postcode"].to_numpy().copy()
    other = _postcodes(count, rng)
    moved = hit("moved") & (source > 0)
    postcode[moved] = other[moved]
    address = own["address"].to_numpy().copy()
    far = moved & (rng.random(count) < far_moves)
    address[far] = rng.permutation(address)[far]
    address[hit("address_missing")] = None
    postcode = _slips(postcode, hit("postcode_wrong"), rng)
    postcode[hit("postcode_missing")] = None
    gender = own["gender"].to_numpy().copy()
    turned = hit("gender_wrong")
    gender[turned] = np.where(gender[turned] == "female", "male", "female")
    gender[hit("gender_missing")] = None

    columns = {
        "person": person,
        "source": source.astype(str),
        "nhs_number": number,
        "given_name": given,
        "family_name": family,
        "date_of_birth": born,
        "gender": gender,
        "postcode": postcode,
        "address_line": address,
        "is_twin": own["is_twin"].to_numpy(),
        "number_missing": missing,
        "number_mistyped": mistyped,
        "number_of_someone_else": someone,
        "number_replaced": replaced,
        "name_changed": changed,
    }
    texts = ("source", "nhs_number", "given_name", "family_name", "gender", "postcode", "address_line")
    made = pl.DataFrame(
        {
            name: pl.Series(name, list(values), dtype=pl.String) if name in texts else pl.Series(name, values)
            for name, values in columns.items()
        }
    )
    return made[rng.permutation(count)].with_row_index("record_id").cast({"record_id": pl.String})


TRUTH = (
    "record_id",
    "person",
    "is_twin",
    "number_missing",
    "number_mistyped",
    "number_of_someone_else",
    "number_replaced",
    "name_changed",
)


def make_record_set(records: int, seed: int, far_moves: float = KIT_FAR_MOVES) -> RecordSet:
    """Return about so many records, who they are, and what the trace service says of each.

    The same for a seed.
    """
    rng = np.random.default_rng(seed)
    each = sum((n + 1) * share for n, share in enumerate(RECORDS_PER_PERSON))
    people = _people(int(records / each), rng)
    made = _records(people, rng, far_moves)
    trace = answer_records(people, made, rng)
    shown = [c for c in made.columns if c == "record_id" or c not in TRUTH]
    return RecordSet(made.select(shown), made.select(TRUTH), trace)


def main() -> None:
    """Write a record set: records.parquet, truth.parquet and trace.csv."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("records", type=int)
    parser.add_argument("seed", type=int)
    parser.add_argument("out", type=Path)
    parser.add_argument("--far-moves", type=float, default=KIT_FAR_MOVES)
    given = parser.parse_args()
    made = make_record_set(given.records, given.seed, given.far_moves)
    given.out.mkdir(parents=True, exist_ok=True)
    made.records.write_parquet(given.out / "records.parquet")
    made.truth.write_parquet(given.out / "truth.parquet")
    made.trace.write_csv(given.out / "trace.csv")


if __name__ == "__main__":
    main()
