"""National documents of ../shared, each read once for all tests that ask for it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from gcm_align.reading import read_document
from gcm_align.settings import Settings
from gcm_align.types import Document


@cache
def read(path: Path) -> Document:
    """Return a document as the reader gives it; skip the test where the file is not."""
    if not path.is_file():
        pytest.skip(f"{path} is not here")
    return read_document(path, settings=Settings())
