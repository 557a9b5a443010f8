"""What lies in a cache folder, kind by kind."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from gcm_align.errors import UsageError
from gcm_align.keeping.entries import CHECKED, READINGS, RESULTS, EntryStore, most_bytes
from gcm_align.vector_cache import VECTORS_FILE

_KINDS = (READINGS, RESULTS, CHECKED)
_SQLITE_FILES = ("", "-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of thing that is kept: how many, and their bytes on the disk."""

    name: str
    entries: int
    size: int


def contents_of(folder: Path) -> tuple[Kind, ...]:
    """Return what a cache folder holds; one that is not there holds nothing."""
    kinds = []
    for name in _KINDS:
        sizes = []
        for path in _store(folder, name).paths():
            with suppress(OSError):  # another process made room
                sizes.append(path.stat().st_size)
        kinds.append(Kind(name=name, entries=len(sizes), size=sum(sizes)))
    path = folder / VECTORS_FILE
    size = path.stat().st_size if path.exists() else 0
    return (*kinds, Kind(name="vectors", entries=_vectors(path), size=size))


def clear_contents(folder: Path) -> int:
    """
    Remove what is kept and return how many entries it had; other files stay.

    Raises:
        UsageError: A file cannot be removed.
    """
    removed = 0
    path = folder / VECTORS_FILE
    try:
        for name in _KINDS:
            removed += _store(folder, name).clear()
        removed += _vectors(path)
        for ending in _SQLITE_FILES:
            path.with_name(path.name + ending).unlink(missing_ok=True)
        path.with_suffix(".damaged").unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(
            "The cache cannot be cleared",
            value=f"{error.filename} ({error.strerror})",
            expected="files that this user may remove",
            hint="End the runs that use it, or remove the folder by hand.",
        ) from error
    return removed


def _store(folder: Path, name: str) -> EntryStore:
    return EntryStore(folder=folder / name, most_bytes=most_bytes())


def _vectors(path: Path) -> int:
    """Return the number of vectors, 0 where the file is missing or damaged."""
    if not path.exists():
        return 0
    try:
        with closing(sqlite3.connect(path)) as connection:
            found: int = connection.execute("SELECT COUNT(*) FROM vectors").fetchone()[0]
            return found
    except sqlite3.DatabaseError:
        return 0
