"""The Python packages keep the order of the road: a step imports what lies before it, never what follows."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from orchestration.settings import PROJECT

ROOT = PROJECT / "orchestration"
LAYERS = {
    "extracts": set(),
    # an error in plain words is the same wherever it is told, and the words read nothing of the project
    "identity": {"extracts", "plain_words"},
    "warehouse": {"extracts"},
    # these two work together: the gate's decisions go to the packs, the calendar comes back
    "quality": {"warehouse", "returns"},
    # a return names elements of the profile; it does not read extracts
    "returns": {"warehouse", "quality", "extracts.profile"},
    # the last step reads what the others left, and none of them knows it
    "report": {"extracts", "identity", "quality", "returns"},
    # the maker knows the profile it writes for and nothing of how the product reads it
    "synthetic": {"extracts.profile"},
}
# They open the engine and say which software this is, and read nothing of the project: every package may ask.
FOR_ALL = {"engine", "software"}
TRUTH_MAY_IMPORT = {"synthetic"}
STEPS = {"extracts", "identity", "warehouse", "quality", "returns"}
ASSEMBLY = {
    "asset_keys",
    "assets",
    "metadata",
    "pack_assets",
    "report_asset",
    "retrying",
    "standing_checks",
    "definitions",
    "partitions",
    "schedules",
    "sensors",
    "resources",
    "stranded_runs",
    "rerun_requests",
    "touched_sensor",
}
LINES = 300
LONGER = {"synthetic/council_rows.py": 310}
FORBIDDEN_NAMES = {"utils", "helpers", "common", "manager", "misc"}


def python_files() -> list[Path]:
    return sorted(ROOT.rglob("*.py"))


def imports_of(path: Path) -> set[str]:
    """Modules of the project that a file imports, without the leading `orchestration.`."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return {m.removeprefix("orchestration.") for m in found if m.startswith("orchestration.")}


def top_level_imports_of(path: Path) -> set[str]:
    """Names of all modules imported when a file is imported, of whatever package."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    found = {n.module for n in body if isinstance(n, ast.ImportFrom) and n.module}
    return found | {a.name for n in body if isinstance(n, ast.Import) for a in n.names}


def allowed(module: str, package: str) -> bool:
    within = {package, *FOR_ALL, *LAYERS[package]}
    return any(module == m or module.startswith(m + ".") or m.startswith(module + ".") for m in within)


def test_each_package_imports_only_what_lies_before_it() -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in python_files()
        if (package := path.relative_to(ROOT).parts[0]) in LAYERS
        for module in imports_of(path)
        if not allowed(module, package)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("module", "package"), [("returns.packs", "extracts"), ("extracts.readers", "synthetic")]
)
def test_a_step_that_looks_ahead_would_be_found(module: str, package: str) -> None:
    assert not allowed(module, package)


def test_the_truth_shares_no_code_with_the_product() -> None:
    truth = sorted(ROOT.glob("synthetic/truth*.py"))
    assert truth
    wrong = [m for p in truth for m in imports_of(p) if m.split(".")[0] not in TRUTH_MAY_IMPORT]
    assert wrong == []


def test_only_the_assembly_and_the_dbt_step_know_dagster() -> None:
    knowing = {
        path.relative_to(ROOT).with_suffix("").as_posix()
        for path in python_files()
        if any(m.split(".")[0] in ("dagster", "dagster_dbt") for m in top_level_imports_of(path))
    }
    assert knowing == ASSEMBLY | {"warehouse/dbt"}


def test_dagster_is_assembled_in_one_place() -> None:
    assembling = [p.name for p in python_files() if "Definitions(" in p.read_text(encoding="utf-8")]
    assert assembling == ["definitions.py"]


def test_the_engine_is_opened_in_one_place() -> None:
    opening = [p.name for p in python_files() if "duckdb.connect(" in p.read_text(encoding="utf-8")]
    assert opening == ["engine.py"]


def test_great_expectations_is_imported_only_where_it_is_used() -> None:
    eager = [
        p.name
        for p in python_files()
        if any(m.startswith("great_expectations") for m in top_level_imports_of(p))
    ]
    assert eager == []


def test_no_file_is_long_or_named_after_nothing() -> None:
    lines = {
        p.relative_to(ROOT).as_posix(): len(p.read_text(encoding="utf-8").splitlines())
        for p in python_files()
    }
    assert {name: n for name, n in lines.items() if n > LONGER.get(name, LINES)} == {}
    assert [name for name in lines if FORBIDDEN_NAMES & set(Path(name).with_suffix("").parts)] == []
