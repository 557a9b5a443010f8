"""Folders and archives to the documents in them, in an order that is always the same."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from gcm_align.errors import LimitExceededError, ReadingError, UnsupportedFormatError
from gcm_align.reading.sandbox import unpack_apart
from gcm_align.reading.sniffing import ARCHIVE, is_document
from gcm_align.settings import Settings
from gcm_align.types import Skipped

# What is packed in a ZIP and is no archive; the reader still goes by the content.
PACKED = (".docx", ".docm", ".dotx", ".odt", ".ott")
_ZIP = b"PK"
_HEAD = 4_096  # bytes that tell a picture from a document


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A document to be read, and what to call it: an archive's member lies elsewhere."""

    path: Path
    name: str = ""  # empty: by its path


@dataclass(slots=True, kw_only=True)
class Collection:
    """What was found: documents, what should have been one, and files that are none."""

    sources: list[Source] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    others: list[str] = field(default_factory=list)


@contextmanager
def collected(paths: Sequence[str | Path], settings: Settings) -> Iterator[Collection]:
    """
    Find the documents that paths lead to: files, those of folders, and those of archives.

    Members of archives are unpacked by a process with limits, into a temporary folder that
    lasts as long as the context. A file that is named is always a source, so that reading it
    says what is wrong with it; in folders and archives what is no document (pictures,
    programs, workbooks) goes to ``others``. Links and hidden files of folders are not
    followed. A member that cannot be unpacked stops no other.

    Args:
        paths: Files, folders, archives.
        settings: ``max_members`` for each folder and archive, and those for what is unpacked.
    """
    found = Collection()
    with tempfile.TemporaryDirectory(prefix="gcm-align-") as folder:
        for path in map(Path, dict.fromkeys(map(str, paths))):
            if path.is_dir():
                _folder(path, found, Path(folder), settings)
            elif is_packed(path):
                _archive(path, str(path), "", found, Path(folder), settings)
            else:
                found.sources.append(Source(path=path))
        yield found


def _folder(path: Path, found: Collection, room: Path, settings: Settings) -> None:
    files = []
    for top, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        files += [Path(top, name) for name in names if not name.startswith(".")]
        if len(files) > settings.max_members:
            found.skipped.append(_too_many(path, settings))
            return
    for file in sorted(files, key=lambda own: own.relative_to(path).parts):
        name = f"{path.resolve().name}/{file.relative_to(path).as_posix()}"
        if file.is_symlink() or not looks_like_document(file):
            found.others.append(name)
        elif is_packed(file):
            _archive(file, name, name, found, room, settings)
        else:
            found.sources.append(Source(path=file, name=name))


def _archive(
    path: Path, shown: str, name: str, found: Collection, room: Path, settings: Settings
) -> None:
    """Unpack an archive; what turns out to be a document in a ZIP is a source itself."""
    target = Path(tempfile.mkdtemp(dir=room))
    try:
        kind, members = unpack_apart(path, target, settings)
    except UnsupportedFormatError as error:
        if name:
            found.others.append(name)
        else:
            found.skipped.append(_skipped(shown, error))
        return
    except ReadingError as error:
        found.skipped.append(_skipped(shown, error))
        return
    if kind != ARCHIVE:
        found.sources.append(Source(path=path, name=name))
        return
    for member in members:
        own = f"{name or path.name}/{member['name']}"
        if member["file"]:
            found.sources.append(Source(path=target / member["file"], name=own))
        elif member["error"]:
            found.skipped.append(
                Skipped(path=own, error=member["error"], message=member["message"])
            )
        else:
            found.others.append(own)


def is_packed(path: Path) -> bool:
    """Say whether a file is an archive, whose members are the documents."""
    return path.suffix.lower() not in PACKED and _head(path).startswith(_ZIP)


def looks_like_document(path: Path) -> bool:
    """Say whether a file of a folder is worth reading, by its first bytes and its name."""
    head = _head(path)
    return not head or is_document(head, path.name)  # an empty file is told of when read


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_HEAD)
    except (OSError, ValueError):
        return b""  # whoever reads it says what is wrong


def _skipped(shown: str, error: ReadingError) -> Skipped:
    return Skipped(path=shown, error=type(error).__name__, message=str(error))


def _too_many(path: Path, settings: Settings) -> Skipped:
    error = LimitExceededError(
        "The folder holds too many files",
        value=path,
        expected=f"at most {settings.max_members} files in it and below",
        hint="Pass fewer folders at a time, or raise the setting max_members.",
    )
    return _skipped(str(path), error)
