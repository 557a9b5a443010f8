"""Archives to files: run by the process that reads, under its limits; see collecting.py."""

from __future__ import annotations

import re
import stat
import zipfile
from pathlib import Path, PurePosixPath
from typing import Any

from gcm_align.errors import LimitExceededError, ReadingError, UnsupportedFormatError
from gcm_align.reading.limited import open_container, read_member
from gcm_align.reading.sniffing import ARCHIVE, is_document, media_type
from gcm_align.settings import Settings

_UNSAFE = re.compile(r"[^\w .()+-]|^[. ]+|[. ]+$")
_LONGEST = 100  # characters of a file name
_SMALL = 10_000_000  # bytes: a member of fewer may be packed as tightly as it likes


def unpack(path: Path, folder: Path, settings: Settings) -> dict[str, Any]:
    """
    Unpack an archive, one member after the other, each into a folder of its own.

    A member's name in the archive never becomes a path: only its last part is kept, cleaned.

    Args:
        path: What begins as a ZIP container does.
        folder: An empty folder.
        settings: ``max_members``, ``max_bytes`` for each, ``max_unpacked_bytes`` for all,
            ``max_ratio`` for each.

    Returns:
        ``kind``: the media type; ``members``: of an archive, in the order of their names, each
        with name, file (empty where it was not unpacked), error and message (empty where it
        is merely no document).

    Raises:
        UnsupportedFormatError: It is a container of a kind that is not read.
        ReadingError: It is no archive that can be opened, or has too many members.
    """
    data = path.read_bytes()
    kind = media_type(data, path.name)
    if kind != ARCHIVE:
        return {"kind": kind, "members": []}
    members: list[dict[str, str]] = []
    room = settings.max_unpacked_bytes
    with open_container(data, path.name, settings, whole=False) as container:
        inside = [member for member in container.infolist() if not member.is_dir()]
        for number, member in enumerate(sorted(inside, key=lambda m: m.filename), start=1):
            name = _shown(member.filename)
            try:
                content = _content(container, member, f"{path.name}: {name}", room, settings)
            except ReadingError as error:
                members.append(_entry(name, error=error))
                continue
            room -= len(content)
            if not content or not is_document(content, member.filename):
                members.append(_entry(name))
                continue
            place = folder / f"{number:05d}"
            place.mkdir()
            (place / _safe(member.filename)).write_bytes(content)
            members.append(_entry(name, file=f"{number:05d}/{_safe(member.filename)}"))
    return {"kind": kind, "members": members}


def _content(
    container: zipfile.ZipFile,
    member: zipfile.ZipInfo,
    name: str,
    room: int,
    settings: Settings,
) -> bytes:
    """Return the bytes of a member, none for a link or a system's own file."""
    if _is_litter(member.filename):
        return b""
    if stat.S_ISLNK(member.external_attr >> 16):
        raise UnsupportedFormatError(
            "The member is a link",
            value=name,
            expected="a file",
            hint="Put the file itself into the archive.",
        )
    if room < settings.max_bytes:
        content = read_member(container, member, name, room, "max_unpacked_bytes")
    else:
        content = read_member(container, member, name, settings.max_bytes, "max_bytes")
    packed = max(1, member.compress_size)
    if len(content) > _SMALL and len(content) > settings.max_ratio * packed:
        raise LimitExceededError(
            "The member unpacks to far more than it is packed in",
            value=f"{name} ({len(content) // packed} times)",
            expected=f"at most {settings.max_ratio} times",
            hint="Unpack it and analyse the file, or raise the setting max_ratio.",
        )
    if content.startswith(b"PK") and is_archive(content, name):
        raise UnsupportedFormatError(
            "The member is an archive itself",
            value=name,
            expected="documents and folders: an archive in an archive is not opened",
            hint="Unpack it, and analyse the folder.",
        )
    return content


def is_archive(content: bytes, name: str) -> bool:
    """Say whether bytes are an archive, and no document that is packed like one."""
    try:
        return media_type(content, name) == ARCHIVE
    except ReadingError:
        return False


def _entry(name: str, *, file: str = "", error: ReadingError | None = None) -> dict[str, str]:
    return {
        "name": name,
        "file": file,
        "error": "" if error is None else type(error).__name__,
        "message": "" if error is None else str(error),
    }


def _is_litter(name: str) -> bool:
    """Say whether a system put a file there: ``__MACOSX/``, ``.DS_Store``."""
    return any(part.startswith((".", "__MACOSX")) and part != ".." for part in name.split("/"))


def _shown(name: str) -> str:
    """Return a member's name as it is shown: no path, no control characters."""
    parts = [re.sub(r"[^\w .()+-]", "_", part) for part in re.split(r"[/\\]", name)]
    return "/".join(part for part in parts if part.strip(". "))[-2 * _LONGEST :] or "_"


def _safe(name: str) -> str:
    last = PurePosixPath(name.replace("\\", "/")).name
    return _UNSAFE.sub("_", last)[-_LONGEST:] or "_"
