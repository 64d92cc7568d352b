"""Build every section of the conformance kit with both engines and print what differs."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

from comparing import compare

from orchestration.conformance.building import build_official
from orchestration.conformance.conform import MODELS, RETURNS
from orchestration.conformance.findings import READ
from orchestration.conformance.kit import read_kit
from orchestration.warehouse.spark import ENGINE_VARIABLE, ENGINES, what_spark_lacks

KIT = Path(__file__).parents[1] / "conformance" / "cld"
SELECT = [f"+path:{MODELS[return_id]}" for return_id in RETURNS] + [f"+{model}" for model in READ]


def main(names: list[str]) -> int:
    """Print one line per section and table that differs, and return 1 if any does or Spark is not here.

    Without names every section of the kit is built.
    """
    if lacking := what_spark_lacks():
        print(lacking, file=sys.stderr)
        return 1
    sections, _ = read_kit(KIT, KIT / "lookups", "all")
    if unknown := set(names) - {section.name for section in sections}:
        print(f"The kit has no {', '.join(sorted(unknown))}.", file=sys.stderr)
        return 1
    sections = [section for section in sections if not names or section.name in names]
    failed = False
    for section in sections:
        with tempfile.TemporaryDirectory() as scratch:
            files = []
            for engine in ENGINES:
                os.environ[ENGINE_VARIABLE] = engine
                folder = Path(scratch) / engine
                folder.mkdir()
                started = time.monotonic()
                files.append(build_official(folder, section.run, section.inputs, SELECT)[0])
                print(
                    f"{section.name}: built with {engine} in {time.monotonic() - started:.0f} s", flush=True
                )
            tables, rows, different = compare(files[0], files[1])
        print(f"{section.name}: {tables} tables, {rows} rows compared, {len(different)} tables differ")
        for table in different:
            failed = True
            print(f"  {table}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
