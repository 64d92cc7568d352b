"""Which part of the build plan a run needs: what its returns stand on, and no more."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from orchestration.warehouse.plan import Step


def part_of_plan(
    plan: tuple[Step, ...], returns: Collection[str], named: Collection[str], *, with_pages: bool
) -> tuple[Step, ...]:
    """Return the steps that some returns need, in the order of the plan.

    These are the models in the folders of the returns, those `named` (a rule may name a model outside), all
    that these read, and the tests of what is built. `with_pages` keeps what stands in no return's folder and
    is read at the end of a road as well: what the pages show.
    """
    models = {step.unique_id: step for step in plan if not step.is_test}
    read = frozenset[str]().union(*(step.reads for step in models.values()))
    wanted = [
        key
        for key, step in models.items()
        if step.return_id in returns
        or step.name in named
        or (with_pages and step.return_id is None and key not in read)
    ]
    built = _with_all_they_read(models, wanted)
    return tuple(
        step
        for step in plan
        if (step.reads and step.reads <= built if step.is_test else step.unique_id in built)
    )


def _with_all_they_read(models: dict[str, Step], wanted: Iterable[str]) -> set[str]:
    found: set[str] = set()
    waiting = list(wanted)
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting.extend(models[key].reads)
    return found
