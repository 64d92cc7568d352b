"""The published JSON Schema, the reference page and the rules say what the program does."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from orchestration.extracts.check import check
from orchestration.extracts.dictionary import PAGE, dictionary_page
from orchestration.extracts.manifest_fields import SCHEMA_FILE, manifest_schema
from orchestration.extracts.problems import load_rules, make_problem
from orchestration.extracts.profile import CURRENT_VERSION, STANDARDS
from tests.unit.extracts.tiny_extract import TinyExtract, council, provider, trace

SCHEMA_PATH = STANDARDS / "extract_profile" / CURRENT_VERSION / SCHEMA_FILE


def conforms(manifest: object) -> bool:
    return jsonschema.Draft202012Validator(manifest_schema()).is_valid(manifest)


def test_the_published_schema_is_the_one_made_from_the_fields() -> None:
    assert json.loads(SCHEMA_PATH.read_text(encoding="utf-8")) == manifest_schema()
    jsonschema.Draft202012Validator.check_schema(manifest_schema())


def test_the_reference_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == dictionary_page()


@pytest.mark.parametrize("extract", [provider(), council(), trace()], ids=["provider", "council", "trace"])
def test_good_manifests_conform(extract: TinyExtract) -> None:
    assert conforms(json.loads(extract.contents()["manifest.json"]))


@pytest.mark.parametrize(
    "changes",
    [
        {"profile_version": "2.0.0"},
        {"profile_version": None},
        {"as_at": "2026-10-11T23:00:00"},
        {"as_at": 7},
        {"sender": {"id": "Oak Field", "name": "x", "kind": "provider"}},
        {"sender": {"id": "oakfield", "name": "x", "kind": "hospital"}},
        {"sender": {"id": "oakfield", "kind": "provider"}},
        {"sender": {"id": "oakfield", "name": "x", "kind": "provider", "la_code": "50"}},
        {"sender": []},
        {"supplier_system": "CareNotes"},
        {"files": []},
        {"files": [{"path": "a.xlsx", "class": "alert", "rows": 1, "sha256": "0" * 64}]},
        {"files": [{"path": "a.csv", "class": "mood", "rows": 1, "sha256": "0" * 64}]},
        {"files": [{"path": "a.csv", "class": "alert", "rows": -1, "sha256": "0" * 64}]},
        {"files": [{"path": "a.csv", "class": "alert", "rows": 1.5, "sha256": "0" * 64}]},
        {"files": [{"path": "a.csv", "class": "alert", "rows": 1, "sha256": "0"}]},
        {"files": [{"path": "a.csv", "class": "alert", "rows": 1}]},
        {"files": ["a.csv"]},
    ],
    ids=str,
)
def test_the_schema_and_the_program_refuse_the_same_manifests(
    changes: dict[str, object], tmp_path: Path
) -> None:
    extract = provider()
    extract.manifest |= changes
    assert not conforms(json.loads(extract.contents()["manifest.json"]))
    assert check(extract.write(tmp_path)).exit_code == 2


def test_all_mistakes_of_a_manifest_are_named_at_once(tmp_path: Path) -> None:
    extract = provider()
    extract.manifest |= {"as_at": "now", "profile_version": "9"}
    extract.sender |= {"id": "Oak", "kind": "hospital"}
    extract.files.append({"path": "../a.csv", "class": "alert", "rows": "many", "sha256": "x"})
    found = {(g.rule.rule_id, g.field) for g in check(extract.write(tmp_path)).problems}
    assert found == {
        ("as_at_not_iso", "as_at"),
        ("profile_version_unknown", "profile_version"),
        ("manifest_field_wrong", "sender.id"),
        ("manifest_field_wrong", "sender.kind"),
        ("manifest_field_wrong", "files[4].rows"),
        ("manifest_field_wrong", "files[4].sha256"),
    }


@pytest.mark.parametrize("rule", load_rules().values(), ids=lambda rule: rule.rule_id)
def test_every_rule_says_what_is_wrong_and_what_to_do(rule: object) -> None:
    details = dict.fromkeys(
        ("limit", "expected", "found", "reason", "line", "kind", "list", "target", "position", "format"), "x"
    )
    problem = make_problem(rule, **details)  # type: ignore[arg-type]
    assert problem.message.endswith(".") and problem.next_step.endswith(".")
    assert (problem.severity, rule.disposition) in {  # type: ignore[attr-defined]
        ("error", "unusable"),
        ("error", "quarantine"),
        ("warning", "load"),
    }
