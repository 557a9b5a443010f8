"""All that a report says of one document, kept by its bytes and what made it."""

from __future__ import annotations

import json
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gcm_align.encoding import DEFAULT_MODEL
from gcm_align.errors import ReportError
from gcm_align.keeping.entries import RESULTS, EntryStore, most_bytes
from gcm_align.keeping.instrument import instrument
from gcm_align.keeping.readings import file_key, read_whole
from gcm_align.record_values import decode, plain
from gcm_align.settings import Settings
from gcm_align.types import Assessment, DocumentSummary, PrincipleFinding


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of one document, with the artefacts that a manifest names."""

    document: DocumentSummary
    assessments: tuple[Assessment, ...]
    principles: tuple[PrincipleFinding, ...]
    made_by: Mapping[str, Mapping[str, str]]  # encoder and calibrator, as a manifest names them


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultStore:
    """Results in a cache folder; one that keeps nothing has no folder."""

    entries: EntryStore
    made_with: str
    settings: Settings

    def key(self, path: Path, name: str) -> str:
        """Return the key of a file under the name that a report gives it, "" for none."""
        if self.entries.folder is None:
            return ""
        # The title may be made of the file's name, whatever the report calls it.
        return file_key(path, f"{path.name}\0{name}", self.made_with, self.settings)

    def get(self, key: str) -> Result | None:
        """Return a result, or None where there is none or it is damaged."""
        content = self.entries.get(key) if key else None
        if content is None:
            return None
        try:
            return unpack(content)
        except (ReportError, ValueError, TypeError):
            return None

    def put(self, key: str, result: Result) -> None:
        """Keep a result, unless a better equipped machine could read more of its file."""
        if key and read_whole(result.document.quality):
            self.entries.put(key, pack(result))


def result_store(
    cache_dir: Path | None, catalogue_sha256: str, model: str, settings: Settings
) -> ResultStore:
    """Return the store for what a model makes with a catalogue and settings."""
    # The hub's newest revision may be another one tomorrow.
    pinned = model == DEFAULT_MODEL or "@" in model or Path(model).is_dir()
    if cache_dir is None or not pinned:
        entries = EntryStore(folder=None, most_bytes=1)
        return ResultStore(entries=entries, made_with="", settings=settings)
    return ResultStore(
        entries=EntryStore(folder=cache_dir / RESULTS, most_bytes=most_bytes()),
        made_with=instrument(catalogue_sha256, model, settings)["instrument"],
        settings=settings,
    )


def pack(result: Result) -> bytes:
    """Return a result as bytes; no number is rounded."""
    return json.dumps(plain(result, None), separators=(",", ":")).encode()


def unpack(content: bytes) -> Result:
    """
    Return the result that pack() was given.

    Raises:
        ReportError: A value has another type.
        ValueError: It is no JSON.
    """
    return typing.cast("Result", decode(Result, json.loads(content), "result"))
