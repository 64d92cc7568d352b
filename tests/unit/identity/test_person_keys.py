"""The secret of person keys: where it comes from and where it may not be used."""

import hashlib

import pytest

from orchestration.identity.keys import KEY_FILE_VARIABLE, PersonKeyError, checked_person_key, read_person_key
from tests.spec.identity.small_people import SECRET, who_is_who


def test_a_person_key_is_the_keyed_hash_of_the_number():
    def sha(text: str) -> str:
        return hashlib.sha256(text.encode()).hexdigest()

    found = who_is_who("record | number | born\na:1 | 9990000018 | 1940-02-13")
    assert found.of("a:1", "person_key") == sha(SECRET + sha(SECRET + "number:9990000018"))[:24]


def test_a_person_without_a_number_is_keyed_by_the_least_record_key():
    def sha(text: str) -> str:
        return hashlib.sha256(text.encode()).hexdigest()

    found = who_is_who("""
        record | given | family | born       | postcode
        b:1    | Mary  | Marsh  | 1940-02-13 | M1 1AA
        a:7    | Mary  | Marsh  | 1940-02-13 | M1 1AA
    """)
    assert found.of("b:1", "person_key") == sha(SECRET + sha(SECRET + "record:a:7"))[:24]


def test_the_demonstration_key_is_for_synthetic_people_only(monkeypatch):
    monkeypatch.delenv(KEY_FILE_VARIABLE, raising=False)
    demonstration = read_person_key(synthetic=True)
    with pytest.raises(PersonKeyError, match="only be used for synthetic people"):
        checked_person_key(demonstration, synthetic=False)


def test_real_people_need_a_secret_of_ones_own(monkeypatch):
    monkeypatch.delenv(KEY_FILE_VARIABLE, raising=False)
    with pytest.raises(PersonKeyError, match=KEY_FILE_VARIABLE):
        read_person_key(synthetic=False)


def test_the_secret_is_read_from_the_file_the_variable_names(monkeypatch, tmp_path):
    file = tmp_path / "key"
    file.write_text("thirty characters of my secret\n")
    monkeypatch.setenv(KEY_FILE_VARIABLE, str(file))
    assert read_person_key(synthetic=False) == "thirty characters of my secret"


def test_a_short_secret_is_refused_without_being_shown():
    with pytest.raises(PersonKeyError) as refused:
        checked_person_key("hunter2", synthetic=True)
    assert "hunter2" not in str(refused.value)


def test_a_missing_key_file_is_named(tmp_path):
    with pytest.raises(PersonKeyError, match="cannot be read"):
        read_person_key(tmp_path / "nowhere", synthetic=False)
