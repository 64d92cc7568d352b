"""What of a sender's value may be shown: no name, no NHS number, no control character."""

from __future__ import annotations

import re
import unicodedata

SHOWN_CHARACTERS = 60

# Ten digits as NHS numbers are written, not as the tail of an id such as 1-9000000010.
_NHS_LIKE = re.compile(r"(?<![0-9])(?<![0-9]-)[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}(?![0-9])")
_HEADER_LIKE = re.compile(r"[A-Za-z][A-Za-z_ .:()/-]*[A-Za-z0-9_ .:()/-]*")


def shape_of(text: str) -> str:
    """Return the shape of a value and nothing of its content: x for letters, # for digits."""

    def mark(c: str) -> str:
        return "#" if c.isdigit() else "x" if c.isalpha() else c if c in " -/.,:@'" else "?"

    return "".join(map(mark, text[:SHOWN_CHARACTERS])) + ("…" if len(text) > SHOWN_CHARACTERS else "")


def shown(text: str | None, identifying: bool = False) -> str:
    """Return a value as a message may show it: short, no control characters, identifiers as shapes."""
    if text is None:
        return ""
    if identifying:
        return shape_of(text)
    cut = text[: SHOWN_CHARACTERS * 4]
    cut = _NHS_LIKE.sub(lambda found: shape_of(found.group()), cut)
    plain = "".join(c if unicodedata.category(c)[0] != "C" else "?" for c in cut)
    return plain[:SHOWN_CHARACTERS] + ("…" if len(text) > SHOWN_CHARACTERS else "")


def shown_header(header: str) -> str:
    """Return an unknown header, or only its shape when it looks more like a value than a name of a column."""
    return shown(header, identifying=_HEADER_LIKE.fullmatch(header) is None)
