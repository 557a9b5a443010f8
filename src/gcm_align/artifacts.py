"""Where data and model files lie, and whether they are the ones that were meant.

``data/`` and ``models/`` stand once, at the top of the repository. A wheel carries them
inside the package; an editable install finds them beside ``pyproject.toml``.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import tomllib
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

from gcm_align.errors import ArtifactError

_PROJECT = "gcm-align"
_CHUNK_BYTES = 1 << 20
CACHE_ENV = "GCM_ALIGN_CACHE_DIR"
_Made = TypeVar("_Made")


def default_cache_dir() -> Path:
    """Return the cache folder: ``GCM_ALIGN_CACHE_DIR``, else the user's cache folder."""
    from platformdirs import user_cache_path

    given = os.environ.get(CACHE_ENV)
    return Path(given) if given else user_cache_path("gcm-align")


def data_path(*parts: str) -> Path:
    """
    Return the path of a file or folder under ``data/``.

    Raises:
        ArtifactError: There is nothing at that path.
    """
    return _locate("data", parts)


def models_path(*parts: str) -> Path:
    """
    Return the path of a file or folder under ``models/``.

    Raises:
        ArtifactError: There is nothing at that path.
    """
    return _locate("models", parts)


def examples_path(*parts: str) -> Path:
    """
    Return the path of a file or folder under ``examples/``.

    Raises:
        ArtifactError: There is nothing at that path.
    """
    return _locate("examples", parts)


def sha256_of(path: Path | str) -> str:
    """
    Return the digest of a file's bytes, as 64 lower-case hexadecimal digits.

    Raises:
        ArtifactError: The file is missing or cannot be read.
    """
    digest = hashlib.sha256()
    try:
        with Path(path).open("rb") as file:
            while chunk := file.read(_CHUNK_BYTES):
                digest.update(chunk)
    except OSError as error:
        raise ArtifactError(
            "A file cannot be read",
            value=f"{path} ({error.strerror or type(error).__name__})",
            expected="a file that this user may read",
            hint="Check the path and its permissions.",
        ) from error
    return digest.hexdigest()


def verify_artifact(path: Path | str, sha256: str) -> Path:
    """
    Return the path of a file whose digest is the one expected.

    Args:
        path: The file.
        sha256: Expected digest in hexadecimal, in either case.

    Raises:
        ArtifactError: The file is missing, or its bytes are not those expected.
    """
    found = sha256_of(path)
    if found != sha256.lower():
        raise ArtifactError(
            f"{path} is not the file that was meant",
            value=f"sha256 {found}",
            expected=f"sha256 {sha256.lower()}",
            hint="Restore the file from the release, or install gcm-align again.",
        )
    return Path(path)


def read_fitted(
    path: Path, make: Callable[[Any], _Made], *, what: str, expected: str, script: str
) -> _Made:
    """
    Read a JSON file of fitted weights.

    Args:
        path: The file.
        make: Turns its content into what is wanted, or raises where that is not there.
        what: What cannot be read if so, as a sentence opens.
        expected: What the file should hold.
        script: The script that makes it.

    Raises:
        ArtifactError: The file is missing or broken.
    """
    try:
        return make(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise ArtifactError(
            f"{what} cannot be read",
            value=f"{path} ({error!r})",
            expected=expected,
            hint=f"Install gcm-align again, or run scripts/{script}.",
        ) from error


def _locate(folder: str, parts: tuple[str, ...]) -> Path:
    path = _root(folder).joinpath(*parts)
    if not path.exists():
        raise ArtifactError(
            "A file of gcm-align is missing",
            value=path,
            expected=f"{'/'.join((folder, *parts))} as the release carries it",
            hint="Install gcm-align again, or restore the file in your working copy.",
        )
    return path


@functools.cache
def _root(folder: str) -> Path:
    """Return the folder itself: inside the package, else at the top of the repository."""
    package = Path(str(resources.files("gcm_align")))
    return _find_root(package, folder)


def _find_root(package: Path, folder: str) -> Path:
    inside = package / folder
    beside = package.parent.parent  # src/gcm_align -> the repository
    if not inside.is_dir() and _is_our_repository(beside):
        return beside / folder
    return inside


def _is_our_repository(folder: Path) -> bool:
    """Say whether the folder is ours: a stray data/ beside site-packages must not be taken."""
    try:
        project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    except (OSError, ValueError, KeyError):
        return False
    return isinstance(project, dict) and project.get("name") == _PROJECT
