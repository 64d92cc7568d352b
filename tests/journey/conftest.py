"""One walk of the committed sample, made once and read by every test of the journey."""

from __future__ import annotations

import pytest
from walking import Walk, walk


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Walk:
    return walk(tmp_path_factory.mktemp("sample") / "lake")
