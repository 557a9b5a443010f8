"""Documents as they were read, kept by their bytes and what read them."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from gcm_align.keeping.entries import READINGS, EntryStore, most_bytes
from gcm_align.keeping.instrument import content_key, reader
from gcm_align.reading import read_apart
from gcm_align.reading.transfer import from_values, to_values
from gcm_align.settings import Settings
from gcm_align.types import Document, Quality


def reading_store(cache_dir: Path | None) -> EntryStore:
    """Return the store of readings in a cache folder; without a folder it keeps nothing."""
    return EntryStore(folder=cache_dir and cache_dir / READINGS, most_bytes=most_bytes())


def read_kept(
    path: Path,
    entries: EntryStore,
    *,
    settings: Settings,
    progress: Callable[[int, int], None] | None = None,
) -> Document:
    """
    Return a document that was read before as it was then, else read it apart and keep it.

    Arguments and errors are those of read_apart().
    """
    key = file_key(path, path.name, reader(settings), settings) if entries.folder else ""
    content = entries.get(key) if key else None
    if content is not None:
        with suppress(ValueError, KeyError, TypeError):  # whole, but not what we wrote
            document = from_values(json.loads(content))
            if progress is not None:
                progress(document.quality.pages, document.quality.pages)
            return document
    document = read_apart(path, settings=settings, progress=progress)
    if key and read_whole(document.quality):
        entries.put(key, json.dumps(to_values(document)).encode())
    return document


def file_key(path: Path, name: str, made_with: str, settings: Settings) -> str:
    """Return the key of a file, "" where it cannot be had; then reading it says why."""
    try:
        if not path.is_file() or path.stat().st_size > settings.max_bytes:
            return ""
        return content_key(made_with, path.read_bytes(), name)
    except (OSError, ValueError):
        return ""


def read_whole(quality: Quality) -> bool:
    """Say whether a second reading on a better equipped machine could not give more."""
    return not quality.pages_unread and not quality.stopped_at
