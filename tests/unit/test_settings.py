"""Settings are read once, and every mistake in them is said at once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from orchestration.identity.keys import DEMONSTRATION_KEY_FILE
from orchestration.settings import Settings, SettingsError, load_settings

ONE_CLIENT = """
[[client]]
id = "northshire"
name = "Northshire"
kind = "council_area"
synthetic = true
senders = ["northshire_council", "oakfield_care"]

[[client.submitter]]
kind = "council"
code = "E10000001"
name = "Northshire Council"

[[client.submitter]]
kind = "location"
code = "1-100000001"
name = "Oakfield House"
"""
REAL_CLIENT = ONE_CLIENT.replace("synthetic = true", "synthetic = false")


def settings_of(folder: Path, clients: str = ONE_CLIENT, **environment: str) -> Settings:
    file = folder / "clients.toml"
    file.write_text(clients, encoding="utf-8")
    return load_settings(lake=folder / "lake", clients_file=file, extracts=folder, environment=environment)


def mistakes_of(folder: Path, clients: str = ONE_CLIENT, **environment: str) -> str:
    with pytest.raises(SettingsError) as raised:
        settings_of(folder, clients, **environment)
    return "\n".join(raised.value.mistakes)


def test_a_client_names_its_senders_and_who_owes_returns(tmp_path: Path) -> None:
    client = settings_of(tmp_path).client("northshire")
    assert client.senders == ("northshire_council", "oakfield_care")
    assert [(s.kind, s.submitter_id) for s in client.submitters] == [
        ("council", "E10000001"),
        ("location", "1-100000001"),
    ]


def test_an_argument_goes_before_the_environment(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, RETURNS_LAKE=str(tmp_path / "elsewhere"))
    assert settings.lake == tmp_path / "lake"


def test_extracts_come_to_one_place_or_to_a_place_of_the_clients_own(tmp_path: Path) -> None:
    own = ONE_CLIENT.replace("senders", 'extracts = "s3://northshire/in"\nsenders')
    (tmp_path / "clients.toml").write_text(own, encoding="utf-8")
    found = {"RETURNS_EXTRACTS": "s3://everybody/in"}
    settings = load_settings(tmp_path / "lake", tmp_path / "clients.toml", None, found)
    client = settings.client("northshire")
    assert (str(settings.extracts), str(settings.place_of(client))) == (
        "s3://everybody/in",
        "s3://northshire/in",
    )
    # What is named for one run stands for every client.
    asked = load_settings(tmp_path / "lake", tmp_path / "clients.toml", "s3://asked/in", found)
    assert str(asked.place_of(asked.client("northshire"))) == "s3://asked/in"


def test_a_key_in_an_address_is_refused_and_not_repeated(tmp_path: Path) -> None:
    own = ONE_CLIENT.replace("senders", 'extracts = "s3://AKIA:hush@northshire/in"\nsenders')
    said = mistakes_of(tmp_path, own)
    assert "client 1: extracts cannot be used: an address never carries a key" in said
    assert "hush" not in said and "AKIA" not in said
    with pytest.raises(SettingsError, match="never carries a key") as raised:
        load_settings(tmp_path, tmp_path / "clients.toml", "s3://AKIA:hush@northshire/in", {})
    assert "hush" not in str(raised.value)


def test_a_folder_of_extracts_may_come_later_where_settings_outlive_the_moment(tmp_path: Path) -> None:
    (tmp_path / "clients.toml").write_text(ONE_CLIENT, encoding="utf-8")
    named = (tmp_path, tmp_path / "clients.toml", tmp_path / "unmounted", {})
    with pytest.raises(SettingsError, match="there is no folder"):
        load_settings(*named)
    assert load_settings(*named, must_be_there=False).extracts == tmp_path / "unmounted"


def test_every_mistake_is_said_at_once(tmp_path: Path) -> None:
    wrong = ONE_CLIENT.replace('"Northshire"', '""').replace('"location"', '"site"')
    said = mistakes_of(tmp_path, wrong, RETURNS_MEMORY_LIMIT="lots", RETURNS_THREADS="none")
    assert "name is missing" in said
    assert "kind 'site' must be council or location" in said
    assert "RETURNS_MEMORY_LIMIT is 'lots'" in said
    assert "RETURNS_THREADS is 'none'" in said


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('id = "northshire"', 'id = "North Shire"'), "lower case letters"),
        (('id = "northshire"', 'id = "core"'), "a name the warehouse uses itself"),
        (("synthetic = true", 'synthetic = "yes"'), "synthetic must be true or false"),
        (('senders = ["northshire_council", "oakfield_care"]', "senders = []"), "senders must list"),
        (('"oakfield_care"', '"northshire_council"'), "'northshire_council' is listed twice"),
        (('code = "1-100000001"', 'code = "E10000001"'), "submitter code 'E10000001' is used twice"),
        (('kind = "council_area"', 'kind = "council_area"\nsender = "x"'), "'sender' is not a setting"),
        (('name = "Oakfield House"', 'name = "Oakfield House"\ndates = "soon"'), "dates must be a table"),
        (
            ('name = "Oakfield House"', 'name = "Oakfield House"\ndates = {asked_on = "2026-10-05"}'),
            "the date asked_on must be written like 2026-10-05, without quotes",
        ),
        ((ONE_CLIENT, ""), "names no client"),
        ((ONE_CLIENT, "[[client"), "cannot be read"),
    ],
)
def test_a_mistake_in_the_clients_file_is_named(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    assert said in mistakes_of(tmp_path, ONE_CLIENT.replace(*change))


def test_a_submitter_may_have_dates_that_its_own_windows_are_counted_from(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, ONE_CLIENT + "dates = { asked_on = 2026-10-05 }\n")
    council, location = settings.client("northshire").submitters
    assert (council.dates, location.dates) == ({}, {"asked_on": date(2026, 10, 5)})


def test_the_same_client_twice_is_a_mistake(tmp_path: Path) -> None:
    assert "client id 'northshire' is used twice" in mistakes_of(tmp_path, ONE_CLIENT + ONE_CLIENT)


def test_one_client_need_not_be_named_but_one_of_two_must(tmp_path: Path) -> None:
    assert settings_of(tmp_path).only_client(None).client_id == "northshire"
    two = settings_of(tmp_path, ONE_CLIENT + ONE_CLIENT.replace('id = "northshire"', 'id = "southshire"'))
    with pytest.raises(SettingsError, match="several clients: northshire, southshire"):
        two.only_client(None)
    with pytest.raises(SettingsError, match="no client 'eastshire'"):
        two.only_client("eastshire")


def test_made_up_people_use_the_demonstration_key(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    key = settings.person_key(settings.client("northshire"))
    assert key == DEMONSTRATION_KEY_FILE.read_text(encoding="utf-8").strip()


def test_real_people_need_a_key_of_their_own(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, REAL_CLIENT)
    with pytest.raises(SettingsError, match="RETURNS_PERSON_KEY_FILE"):
        settings.person_key(settings.client("northshire"))
    public = settings_of(tmp_path, REAL_CLIENT, RETURNS_PERSON_KEY_FILE=str(DEMONSTRATION_KEY_FILE))
    with pytest.raises(SettingsError, match="is public"):
        public.person_key(public.client("northshire"))
