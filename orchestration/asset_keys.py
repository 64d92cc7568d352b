"""The names of the steps of the road as Dagster knows them."""

from __future__ import annotations

from dagster import AssetKey

LANDED_EXTRACTS = AssetKey("landed_extracts")
VERDICTS = AssetKey("verdicts")
REPORT_SITE = AssetKey("report_site")
# The resources that every step has.
NEEDED = {"choices", "client_lock"}


def decisions_key(return_id: str) -> AssetKey:
    """Return the asset that says which packs of a return may go out."""
    return AssetKey(["decisions", return_id])


def packs_key(return_id: str) -> AssetKey:
    """Return the asset of the packs of a return."""
    return AssetKey(["packs", return_id])
