"""Entries by content key in one folder: whole or not there, and never more than a limit.

An entry is written beside its place and then moved there in one step, so that parallel jobs
and killed runs leave whole entries or none; one that is damaged all the same is found by its
digest and counts as not there. The least recently used ones make room for new ones.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from gcm_align.errors import UsageError
from gcm_align.files import replace_file

# What is kept, each kind in a folder of its own.
READINGS = "readings"
RESULTS = "results"
CHECKED = "verdicts"  # of `gcm-align check`

_SUFFIX = ".entry"
_TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# Made by gcm-align; safe to delete.\n"
_DIGEST_BYTES = 32
_LEVEL = 1  # of zlib: a report shrinks to a sixth, at the speed of the disk
_MEGABYTE = 1_000_000
_DEFAULT_MEGABYTES = 1000  # about 10,000 policies
LIMIT_ENV = "GCM_ALIGN_CACHE_MB"
_KEPT_SHARE = 0.9  # after making room: else every entry from here on would make room anew


@dataclass(slots=True)
class EntryStore:
    """
    Bytes by key; without a folder it keeps nothing.

    Args:
        folder: Where the entries are.
        most_bytes: What they may take together, as they lie on the disk.
    """

    folder: Path | None
    most_bytes: int
    _taken: int | None = field(default=None, init=False)  # bytes; None until counted

    def get(self, key: str) -> bytes | None:
        """Return an entry, or None where there is none or it is damaged."""
        if self.folder is None:
            return None
        path = self._path(key)
        try:
            digest, packed = _split(path.read_bytes())
            if hashlib.sha256(packed).digest() != digest:
                return None
            content = zlib.decompress(packed)
        except (OSError, zlib.error):
            return None
        with suppress(OSError):  # a folder that may only be read
            os.utime(path)
        return content

    def put(self, key: str, content: bytes) -> None:
        """Keep an entry; a folder that cannot be written to keeps nothing."""
        if self.folder is None:
            return
        packed = zlib.compress(content, _LEVEL)
        packed = hashlib.sha256(packed).digest() + packed
        path = self._path(key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            tag = self.folder / "CACHEDIR.TAG"
            if not tag.exists():
                replace_file(tag, _TAG.encode())
            replace_file(path, packed)
        except OSError:
            return  # a cache is a help; without it the work is done again
        self._make_room(len(packed))

    def paths(self) -> list[Path]:
        """Return the files of all entries, in order of name."""
        return [] if self.folder is None else sorted(self.folder.glob(f"*/*{_SUFFIX}"))

    def clear(self) -> int:
        """Remove every entry and return how many there were."""
        paths = self.paths()
        for path in paths:
            path.unlink(missing_ok=True)
        self._taken = 0
        return len(paths)

    def _make_room(self, new_bytes: int) -> None:
        """Remove the entries used longest ago, once all take more than they may."""
        self._taken = None if self._taken is None else self._taken + new_bytes
        if self._taken is not None and self._taken <= self.most_bytes:
            return
        found = []
        for path in self.paths():
            with suppress(OSError):  # another process made room too
                status = path.stat()
                found.append((status.st_mtime_ns, str(path), status.st_size))
        self._taken = sum(size for _, _, size in found)
        if self._taken <= self.most_bytes:
            return
        for _, name, size in sorted(found):
            if self._taken <= self.most_bytes * _KEPT_SHARE:
                return
            with suppress(OSError):
                Path(name).unlink(missing_ok=True)
            self._taken -= size

    def _path(self, key: str) -> Path:
        assert self.folder is not None
        return self.folder / key[:2] / f"{key[2:]}{_SUFFIX}"


def most_bytes() -> int:
    """
    Return what each kind of entry may take: ``GCM_ALIGN_CACHE_MB``, else 1,000 megabytes.

    Raises:
        UsageError: The variable holds no whole number.
    """
    given = os.environ.get(LIMIT_ENV, "")
    if not given:
        return _DEFAULT_MEGABYTES * _MEGABYTE
    if not given.isascii() or not given.isdigit():
        raise UsageError(
            f"{LIMIT_ENV} cannot be used",
            value=given,
            expected="a whole number of megabytes, such as 500",
            hint="Correct the variable or remove it.",
        )
    return int(given) * _MEGABYTE


def _split(content: bytes) -> tuple[bytes, bytes]:
    return content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]
