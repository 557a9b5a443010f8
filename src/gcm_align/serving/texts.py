"""The text around a passage, for documents that have no page to draw."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from threading import Semaphore

from gcm_align.errors import GcmAlignError
from gcm_align.keeping.readings import read_kept, reading_store
from gcm_align.settings import Settings
from gcm_align.types import Block, BlockKind, Document, Evidence

MOST_AT_ONCE = 2  # a reading may take gigabytes
MOST_BLOCKS = 40  # on each side of the passage: about four pages
_HIDDEN = frozenset({BlockKind.RUNNING, BlockKind.CONTENTS})

log = logging.getLogger("gcm_align")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A block of the text, cut where the passage begins and ends."""

    kind: str
    before: str
    marked: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pane:
    """The blocks of a section around one passage."""

    section: tuple[str, ...]
    pieces: tuple[Piece, ...]
    cut_before: bool  # the section has more
    cut_after: bool


class Texts:
    """The texts of one data folder, as they were read."""

    def __init__(self, folder: Path) -> None:
        self._readings = reading_store(folder)
        self._turn = Semaphore(MOST_AT_ONCE)

    def panes(self, path: Path, shown: Iterable[Evidence]) -> tuple[Pane, ...]:
        """Return the text around each passage; none where the file reads otherwise by now."""
        shown = tuple(shown)
        if not shown:
            return ()
        try:
            with self._turn:
                document = read_kept(path, self._readings, settings=Settings())
        except GcmAlignError as error:
            log.warning("%s", error)
            return ()
        found = (pane(document, evidence) for evidence in shown)
        return tuple(item for item in found if item is not None)


def pane(document: Document, evidence: Evidence) -> Pane | None:
    """
    Return the section around a passage, None where the passage is not where it was.

    Args:
        document: The file as it reads now.
        evidence: A passage; its offsets are of the reading that was assessed.
    """
    held = " ".join(document.text[evidence.start : evidence.end].split())
    if not held or " ".join(evidence.quote.split()) not in held:
        return None
    blocks = [block for block in document.blocks if block.kind not in _HIDDEN]
    own = [n for n, block in enumerate(blocks) if _meets(block, evidence)]
    if not own:
        return None
    section = blocks[own[0]].section
    first, last = own[0], own[-1]
    while first > 0 and blocks[first - 1].section[: len(section)] == section:
        first -= 1
    while last + 1 < len(blocks) and blocks[last + 1].section[: len(section)] == section:
        last += 1
    start, end = max(first, own[0] - MOST_BLOCKS), min(last, own[-1] + MOST_BLOCKS)
    return Pane(
        section=section,
        pieces=tuple(_piece(document, block, evidence) for block in blocks[start : end + 1]),
        cut_before=start > first,
        cut_after=end < last,
    )


def _meets(block: Block, evidence: Evidence) -> bool:
    return block.start < evidence.end and evidence.start < block.end


def _piece(document: Document, block: Block, evidence: Evidence) -> Piece:
    start = min(max(block.start, evidence.start), block.end)
    end = max(min(block.end, evidence.end), start)
    return Piece(
        kind=block.kind.value,
        before=document.text[block.start : start],
        marked=document.text[start:end],
        after=document.text[end : block.end],
    )
