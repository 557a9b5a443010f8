"""Pictures of pages: drawn apart, a few at a time, and kept."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path

from gcm_align.keeping.entries import EntryStore
from gcm_align.reading.picture import page_picture
from gcm_align.settings import Settings
from gcm_align.types import Box

MOST_AT_ONCE = 2  # each may take the memory and the seconds of a reading
MOST_BYTES = 500_000_000  # of pictures on the disk; a page takes half a megabyte


class Pictures:
    """The pictures of one data folder."""

    def __init__(self, folder: Path) -> None:
        self._entries = EntryStore(folder=folder, most_bytes=MOST_BYTES)
        self._turn = threading.Semaphore(MOST_AT_ONCE)

    def page(self, path: Path, sha256: str, number: int, boxes: Sequence[Box]) -> bytes:
        """
        Return one page of a PDF as PNG, with these boxes of it marked.

        Raises:
            ReaderStoppedError: It cannot be drawn within the limits of a reading.
        """
        marks = [astuple(box) for box in boxes if box.page == number]
        key = hashlib.sha256(json.dumps([sha256, number, marks]).encode()).hexdigest()
        drawn = self._entries.get(key)
        if drawn is None:
            with self._turn:
                drawn = page_picture(path, number, boxes, settings=Settings())
            self._entries.put(key, drawn)
        return drawn
