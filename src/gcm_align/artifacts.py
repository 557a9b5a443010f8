"""Data and model files: name to a verified local path.

``data/`` and ``models/`` stand once, at the top of the repository. A wheel carries them
inside the package; an editable install finds them beside ``pyproject.toml``.
"""

from __future__ import annotations

import hashlib
from importlib.resources import files
from pathlib import Path

from gcm_align.errors import ArtifactError


def data_path(*parts: str) -> Path:
    """Return the path of a file or folder under ``data/``."""
    return _find("data", *parts)


def models_path(*parts: str) -> Path:
    """Return the path of a file or folder under ``models/``."""
    return _find("models", *parts)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 digest of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def verify_artifact(path: Path, sha256: str) -> Path:
    """
    Return the path if the file is the one that was recorded.

    Raises:
        ArtifactError: Its digest differs.
    """
    found = sha256_of(path)
    if found != sha256:
        raise ArtifactError(
            f"{path.name} was altered",
            value=f"sha256 {found}",
            expected=sha256,
            hint="Install gcm-align again, or make the file again with its script.",
        )
    return path


def _find(*parts: str) -> Path:
    package = Path(str(files("gcm_align")))
    repository = package.parents[1]
    candidates = [package.joinpath(*parts)]
    if (repository / "pyproject.toml").is_file():
        candidates.append(repository.joinpath(*parts))
    for path in candidates:
        if path.exists():
            return path
    raise ArtifactError(
        "A file that comes with gcm-align is missing",
        value="/".join(parts),
        expected=f"it at {candidates[-1]}",
        hint="Install gcm-align again.",
    )
