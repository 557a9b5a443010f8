"""Outcomes kept by content: what decided them is in the key, so an entry is never stale."""

from __future__ import annotations

import json
from pathlib import Path

from gcm_align.checking.outcomes import Outcome, decode, encode
from gcm_align.keeping.entries import EntryStore, most_bytes
from gcm_align.keeping.instrument import content_key


class ResultCache:
    """Outcomes by key in one folder; without a folder it keeps nothing."""

    def __init__(self, folder: Path | None, made_with: str) -> None:
        self._entries = EntryStore(folder=folder, most_bytes=most_bytes())
        self._made_with = made_with

    def key(self, data: bytes, name: str) -> str:
        """Return the key of a file's bytes; the name too, for it may serve as a title."""
        return content_key(self._made_with, data, name)

    def get(self, key: str) -> Outcome | None:
        """Return an outcome, or None where there is none or it is damaged."""
        content = self._entries.get(key)
        try:
            return None if content is None else decode(json.loads(content))
        except (ValueError, KeyError, TypeError, IndexError):
            return None

    def put(self, key: str, outcome: Outcome) -> None:
        """Keep an outcome; a folder that cannot be written to keeps nothing."""
        payload = json.dumps(encode(outcome), ensure_ascii=True, separators=(",", ":"))
        self._entries.put(key, payload.encode())
