"""Two runs at once: of one client the second waits and comes to the same; two clients never meet."""

from __future__ import annotations

import shutil

from harbour import CLIENT, OTHER, differing, files_of
from runs import run, start
from trials import Trial


def test_two_runs_of_one_client_at_once(trial: Trial) -> None:
    ground = trial.ground
    both = [start(trial.lake, ground.clients, ground.extracts, only=ground.only) for _ in range(2)]
    said = [running.said() for running in both]
    for one in said:
        assert one.outcome is not None and one.outcome.completed, one
        trial.check_words(one)
        trial.check_end(one)
    assert sorted(one.outcome.written for one in said if one.outcome) == [0, 1]
    assert sorted(one.outcome.unchanged for one in said if one.outcome) == [0, 1]
    waited = [one for one in said if "another run of client 'harbour' is at work; waiting" in one.printed]
    assert len(waited) == 1
    trial.check_first(waited[0])
    trial.note("first run", "another run of client 'harbour' is at work; waiting until it has ended.")
    trial.rerun()


def test_two_clients_at_once_in_one_lake(trial: Trial) -> None:
    ground = trial.ground
    alone = trial.lake.with_name("alone")
    shutil.copytree(ground.before, alone)
    run(alone, ground.clients, ground.extracts, client=OTHER, only=ground.only)
    both = [
        start(trial.lake, ground.clients, ground.extracts, client=client, only=ground.only)
        for client in (CLIENT, OTHER)
    ]
    for running in both:
        said = running.said()
        assert said.outcome is not None and said.outcome.completed, said
        trial.check_first(said)
    found, wanted = files_of(trial.lake), files_of(alone) | files_of(ground.wanted)
    assert [name for name in wanted if f"/{OTHER}/" in name]
    assert differing(found, wanted) == []
    trial.note("rerun", "not needed: each client has what it has alone")
