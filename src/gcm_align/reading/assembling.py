"""Drafts to the frozen record: the text of the document and the blocks that tile it."""

from __future__ import annotations

from gcm_align.reading.layout import Draft, joint, mean_confidence
from gcm_align.types import Block, BlockKind, Span

_LEAD_JOIN = " \u2013 "


def assemble(drafts: list[Draft]) -> tuple[str, tuple[Block, ...]]:
    """
    Concatenate drafts, a blank line between two, and give each its offsets.

    Returns:
        The text, and one block for each draft that has any, in order.
    """
    text = ""
    blocks: list[Block] = []
    pieces: list[str] = []
    for draft in drafts:
        draft.parts = [part for part in draft.parts if part.text.strip()]
        if not draft.parts:
            continue
        start = len(text) + 2 if blocks else 0
        own, spans = _spans(draft, start)
        pieces = [own]
        text += ("\n\n" if blocks else "") + "".join(pieces)
        in_table = draft.kind in {BlockKind.TABLE_ROW, BlockKind.TABLE_HEADER}
        blocks.append(
            Block(
                page=min(part.page for part in draft.parts),
                start=start,
                end=start + len(own),
                kind=draft.kind,
                boxes=tuple(part.box for part in draft.parts if part.box is not None),
                level=draft.level,
                section=(*draft.section, *_labels(draft)),
                lead_in=_lead_in(draft),
                spans=spans,
                columns=tuple(part.column for part in draft.parts) if in_table else (),
                confidence=mean_confidence([(p.confidence, p.text) for p in draft.parts]),
            )
        )
    return text, tuple(blocks)


def _spans(draft: Draft, start: int) -> tuple[str, tuple[Span, ...]]:
    text = ""
    spans: list[Span] = []
    for index, part in enumerate(draft.parts):
        if index:
            runs_on = draft.runs_on(draft.parts[index - 1], part)
            text += joint(text, part.text) if runs_on else "\n"
        begin = start + len(text)
        text += part.text
        spans.append(Span(page=part.page, start=begin, end=start + len(text)))
    return text, tuple(spans)


def _labels(draft: Draft) -> list[str]:
    """Return the themes that head a table row, as far as they are labels and no goals."""
    labels = [d for d in draft.context if d.kind is BlockKind.TABLE_HEADER]
    texts = [" ".join(d.text.split()) for d in labels]
    return [text for text in texts if any(c.isalpha() for c in text)]


def _lead_in(draft: Draft) -> str:
    if not draft.context:
        return draft.lead_in
    return _LEAD_JOIN.join(" ".join(d.text.split()) for d in draft.context)
