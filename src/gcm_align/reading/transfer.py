"""A document as plain JSON values and back, to pass it between two processes.

JSON and no pickle: what comes from a process that has read a hostile file is data alone.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from gcm_align.types import Block, BlockKind, Box, Document, Quality, Span


def to_values(document: Document) -> dict[str, Any]:
    """Return a document as values that JSON can hold."""
    return {
        "id": document.id,
        "name": document.name,
        "sha256": document.sha256,
        "language": document.language,
        "text": document.text,
        "blocks": [_block_values(block) for block in document.blocks],
        "quality": asdict(document.quality),
        "media_type": document.media_type,
        "title": document.title,
        "page_labels": [[page, label] for page, label in document.page_labels.items()],
        "ocr_texts": [[page, text] for page, text in document.ocr_texts.items()],
    }


def from_values(values: dict[str, Any]) -> Document:
    """
    Return the document that to_values() was given.

    Raises:
        KeyError: A field is missing.
        TypeError: A field is of another type.
        ValueError: A block is of no known kind.
    """
    quality = dict(values["quality"])
    for name in ("pages_blank", "pages_unread", "pages_ocr", "warnings"):
        quality[name] = tuple(quality[name])
    return Document(
        id=values["id"],
        name=values["name"],
        sha256=values["sha256"],
        language=values["language"],
        text=values["text"],
        blocks=tuple(_block(block) for block in values["blocks"]),
        quality=Quality(**quality),
        media_type=values["media_type"],
        title=values["title"],
        page_labels={int(page): label for page, label in values["page_labels"]},
        ocr_texts={int(page): text for page, text in values["ocr_texts"]},
    )


def _block_values(block: Block) -> dict[str, Any]:
    # By hand: dataclasses.asdict takes ten times as long, and a law has 20,000 boxes.
    return {
        "page": block.page,
        "start": block.start,
        "end": block.end,
        "kind": block.kind.value,
        "boxes": [[b.page, b.x0, b.top, b.x1, b.bottom] for b in block.boxes],
        "level": block.level,
        "section": block.section,
        "lead_in": block.lead_in,
        "spans": [[s.page, s.start, s.end] for s in block.spans],
        "columns": block.columns,
        "confidence": block.confidence,
        "language": block.language,
    }


def _block(values: dict[str, Any]) -> Block:
    return Block(
        page=values["page"],
        start=values["start"],
        end=values["end"],
        kind=BlockKind(values["kind"]),
        boxes=tuple(
            Box(page=page, x0=x0, top=top, x1=x1, bottom=bottom)
            for page, x0, top, x1, bottom in values["boxes"]
        ),
        level=values["level"],
        section=tuple(values["section"]),
        lead_in=values["lead_in"],
        spans=tuple(Span(page=page, start=a, end=b) for page, a, b in values["spans"]),
        columns=tuple(values["columns"]),
        confidence=values["confidence"],
        language=values["language"],
    )
