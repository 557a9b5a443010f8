"""Files written whole, in a single step: a half file is never seen."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def replace_file(path: Path, content: bytes) -> None:
    """
    Write a file whole or not at all.

    Raises:
        OSError: It cannot be written.
    """
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        temporary.chmod(0o644)  # mkstemp makes it private; a report is for others too
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
