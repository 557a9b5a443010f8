"""Made readings for the tests of the later stages: passages, clauses and scores by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gcm_align.catalogue import Framework
from gcm_align.types import (
    Block,
    BlockKind,
    Clause,
    CounterProvision,
    Document,
    Evidence,
    Force,
    Level,
    Passage,
    Quality,
    Reading,
    Scores,
    Span,
)


def document(texts: Sequence[str], *, language: str = "en", pages_unread: int = 0) -> Document:
    """Return a document with one passage to a page, and pages that could not be read."""
    whole = "\n\n".join(texts)
    blocks, at = [], 0
    for page, text in enumerate(texts, start=1):
        end = at + len(text)
        span = Span(page=page, start=at, end=end)
        blocks.append(Block(page=page, start=at, end=end, kind=BlockKind.PARAGRAPH, spans=(span,)))
        at = end + 2
    n = len(texts) + pages_unread
    return Document(
        id="doc",
        name="doc.pdf",
        sha256="0" * 64,
        language=language,
        text=whole,
        blocks=tuple(blocks),
        quality=Quality(
            pages=n, pages_read=len(texts), pages_unread=tuple(range(len(texts) + 1, n + 1))
        ),
        media_type="application/pdf",
    )


def passages(made: Document) -> tuple[Passage, ...]:
    """Return one passage for each block."""
    return tuple(
        Passage(
            document_id=made.id,
            index=i,
            start=block.start,
            end=block.end,
            text=made.text[block.start : block.end],
            kind=block.kind,
            pages=(block.page,),
            spans=block.spans,
        )
        for i, block in enumerate(made.blocks)
    )


def scores(framework: Framework, rows: Sequence[dict[str, float]], low: float = -9.0) -> Scores:
    """Return scores that are low but for the actions named; all core elements absent."""
    number = {action.id: i for i, action in enumerate(framework.actions)}
    values = np.full((len(rows), len(number)), low, dtype=np.float32)
    for at, row in enumerate(rows):
        for action, score in row.items():
            values[at, number[action]] = score
    owner = np.array(
        [i for i, a in enumerate(framework.actions) for _ in a.core_elements], dtype=np.int64
    )
    return Scores(
        action_ids=tuple(number),
        values=values,
        parts={"text": values},
        elements=np.zeros((len(rows), len(owner)), dtype=np.float32),
        element_owner=owner,
    )


def hold(made: Scores, at: int, action: str, elements: Sequence[int]) -> None:
    """Mark core elements of an action as present in a passage."""
    columns = np.flatnonzero(made.element_owner == made.action_ids.index(action))
    for element in elements:
        made.elements[at, columns[element]] = 1.0


def reading(
    made: Document,
    clauses: Sequence[Clause],
    scored: Scores,
    counters: Sequence[Sequence[CounterProvision]] = (),
) -> Reading:
    """Return a reading; without counter-provisions where none are given."""
    return Reading(
        document=made,
        passages=passages(made),
        clauses=clauses,
        counters=counters or [()] * len(clauses),
        scores=scored,
    )


def clause(force: Force = Force.DUTY, **changes: object) -> Clause:
    """Return a clause of a force."""
    return Clause(force=force, **changes)  # type: ignore[arg-type]


def by_page(evidence: Sequence[Evidence]) -> list[tuple[int, Level]]:
    """Return page and level of each passage shown."""
    return [(e.page, e.level) for e in evidence]
