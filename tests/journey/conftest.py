"""One walk of the committed sample, made once and read by every test of the journey."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from table_attack import gathered_of
from walking import BEFORE, CLIENT, Walk, walk

from orchestration.backfill import fill_client
from orchestration.batch import offers_to
from orchestration.report.release import Gathering, Released, profile_of, release
from orchestration.road import write_report
from orchestration.settings import Settings


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Walk:
    return walk(tmp_path_factory.mktemp("sample") / "lake")


@pytest.fixture(scope="session")
def sites(sample: Walk, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The site of the sample under each profile; the lake keeps the one of the client's own."""
    found = {}
    for profile in ("none", "suppress_under_5", "sac", "round_to_5"):
        made = write_report(sample.settings, sample.settings.client(CLIENT), profile)
        found[profile] = tmp_path_factory.mktemp(profile) / "site"
        shutil.copytree(made.index.parent, found[profile])
    write_report(sample.settings, sample.settings.client(CLIENT))
    return found


@pytest.fixture(scope="session")
def two_months(sample: Walk, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A lake of the sample in which the month before was filled too, and whose pages know of both."""
    lake = tmp_path_factory.mktemp("two_months") / "lake"
    shutil.copytree(sample.settings.lake, lake)
    settings = replace(sample.settings, lake=lake)
    client = settings.client(CLIENT)
    (made,) = fill_client((BEFORE,), (CLIENT, settings, offers_to(settings).of_client[CLIENT]))
    assert made.packs_written > 20
    write_report(settings, client)
    return settings


@pytest.fixture(scope="session")
def gathered(sample: Walk) -> Gathering:
    """Every true table of the sample."""
    return gathered_of(sample)


@pytest.fixture(scope="session")
def released(gathered: Gathering) -> dict[str, Released]:
    """The same tables under each profile that holds something back."""
    profiles = ("suppress_under_5", "sac", "round_to_5")
    return {profile: release(gathered, profile_of(profile)) for profile in profiles}
