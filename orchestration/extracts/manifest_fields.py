"""The fields of manifest.json as data: the judge and the published JSON Schema are both made from them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.extracts.profile import CURRENT_VERSION, STANDARDS, load_profile

SCHEMA_FILE = "manifest.schema.json"
ENDINGS = {".csv": "csv", ".ndjson": "ndjson", ".jsonl": "ndjson", ".parquet": "parquet"}
MODS_VERSIONS = ("0.2.0", "0.2.1", "1.0.0", "1.0.5")
SENDER_KINDS = ("provider", "council", "trace")
_DATE, _TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}", r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?"
AS_AT_WITHOUT_ZONE = rf"^{_DATE}T{_TIME}$"
AS_AT_PATTERN = rf"^{_DATE}T{_TIME}(Z|[+-][0-9]{{2}}:[0-9]{{2}})$"


@dataclass(frozen=True)
class ManifestField:
    """One field of the manifest: where it stands, what it may hold, and in words."""

    name: str
    words: str
    kind: str = "string"
    required: bool = True
    nullable: bool = False
    pattern: str = ""
    choices: tuple[str, ...] = ()
    max_length: int = 200

    def schema(self) -> dict[str, Any]:
        """Return the field as JSON Schema."""
        kinds: Any = [self.kind, "null"] if self.nullable else self.kind
        made: dict[str, Any] = {"type": kinds, "description": self.words}
        if self.kind == "integer":
            return made | {"minimum": 0}
        if self.choices:
            return made | {"enum": list(self.choices)}
        made |= (
            {"maxLength": self.max_length}
            if self.nullable
            else {"minLength": 1, "maxLength": self.max_length}
        )
        return made | ({"pattern": self.pattern} if self.pattern else {})


TOP = (
    ManifestField("profile_version", "version of the extract profile, such as 1.0.0", max_length=20),
    ManifestField("mods_version", "version of MODS the record system follows", required=False, nullable=True),
    ManifestField("as_at", "ISO 8601 date and time with zone, up to which the records are complete",
                  pattern=AS_AT_PATTERN, max_length=40),
)  # fmt: skip
SENDER = (
    ManifestField(
        "id", "a short name of lower-case letters, digits and underscores", pattern="^[a-z][a-z0-9_]{1,39}$"
    ),
    ManifestField("name", "the name of the organisation"),
    ManifestField("kind", "provider, council or trace", choices=SENDER_KINDS),
    ManifestField("ods_code", "the ODS code", required=False, nullable=True, pattern="^[A-Z0-9]{3,10}$"),
    ManifestField("cqc_provider_id", "the CQC provider id", required=False, nullable=True),
    ManifestField(
        "la_code", "the three-digit council code", required=False, nullable=True, pattern="^[0-9]{3}$"
    ),
)
SUPPLIER = (
    ManifestField("name", "the name of the record system", required=False, nullable=True),
    ManifestField("version", "the version of the record system", required=False, nullable=True),
)
FILE = (
    ManifestField("path", "path of the file, relative to the manifest", max_length=240),
    ManifestField("class", "a class of the extract profile"),
    ManifestField("rows", "a whole number of rows, the header not counted", kind="integer"),
    ManifestField("sha256", "64 hexadecimal digits", pattern="^[0-9a-fA-F]{64}$"),
)


def _object(fields: tuple[ManifestField, ...], **more: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": [f.name for f in fields if f.required] + [n for n in more if n in ("sender", "files")],
        "properties": {f.name: f.schema() for f in fields} | more,
    }


def manifest_schema(version: str = CURRENT_VERSION) -> dict[str, Any]:
    """Return the JSON Schema of manifest.json for a profile version, made from the fields above."""
    files = _object(FILE)
    files["properties"]["class"]["enum"] = list(load_profile(version).classes)
    files["properties"]["path"]["pattern"] = r"\.(" + "|".join(e[1:] for e in ENDINGS) + ")$"
    made = _object(
        TOP,
        sender=_object(SENDER),
        supplier_system=_object(SUPPLIER) | {"type": ["object", "null"]},
        files={"type": "array", "minItems": 1, "items": files},
    )
    made["properties"]["profile_version"]["const"] = version
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"manifest.json of an extract, profile {version}",
        **made,
    }


def write_schema(version: str = CURRENT_VERSION) -> Path:
    """Write the JSON Schema beside the profile's data and return its path."""
    target = STANDARDS / "extract_profile" / version / SCHEMA_FILE
    text = json.dumps(manifest_schema(version), indent=2, ensure_ascii=False) + "\n"
    target.write_text(text, encoding="utf-8")
    return target
