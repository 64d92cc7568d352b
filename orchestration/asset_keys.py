"""The names of the steps of the road as Dagster knows them."""

from __future__ import annotations

from dagster import AssetKey

LANDED_EXTRACTS = AssetKey("landed_extracts")


def decisions_key(return_id: str) -> AssetKey:
    """Return the asset that says which packs of a return may go out."""
    return AssetKey(["decisions", return_id])


def packs_key(return_id: str) -> AssetKey:
    """Return the asset of the packs of a return."""
    return AssetKey(["packs", return_id])
