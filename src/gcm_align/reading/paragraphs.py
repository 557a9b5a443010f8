"""Lines of a page to drafts: where one paragraph, list item or heading ends."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from gcm_align.reading.layout import Draft, Line, join_lines, parts_by_page
from gcm_align.reading.numbering import legal_rank, list_marker, previous_marker
from gcm_align.types import BlockKind

_CLOSED = re.compile(r"[.:;!?…][\"”\u2019')\]]*\s?\d{0,3}$")  # a note mark may follow the stop
_OPEN = re.compile(r"(?:,|\b(?:and|or|of|the|to|for|in|by|with|et|ou|de|des|la|le|y|o|del))$")
_LOOSE = 1.25  # times the usual line pitch: the blank between paragraphs
_INDENT = 0.7  # letter heights: the least first-line indent seen is 1
_SIZE_CHANGE = 0.08  # relative: 12 to 11 points is a change, rounding is not
_REFERENCE = re.compile(r"^\[\w{1,8}\]$")  # of an amendment, alone on its line
_LEADERS = re.compile(r"(?:\.\s?){4,}|…{2,}|_{4,}")


def page_drafts(lines: list[Line], pitches: dict[float, float]) -> list[Draft]:
    """
    Gather lines in reading order into drafts of paragraphs and list items.

    Args:
        lines: Lines of one page between two tables.
        pitches: Usual distance of baselines for each letter size, in points.
    """
    drafts: list[Draft] = []
    for index, line in enumerate(lines):
        if index and not _starts_draft(drafts[-1], lines[index - 1], line, lines, pitches):
            drafts[-1].lines.append(line)
        else:
            drafts.append(Draft(kind=BlockKind.PARAGRAPH, lines=[line]))
    for draft in drafts:
        draft.parts = parts_by_page(draft.lines)
        if draft.bullet or list_marker(draft.lines[0].text)[0]:
            draft.kind = BlockKind.LIST_ITEM
        elif _REFERENCE.match(draft.text):
            draft.kind = BlockKind.NOTE
    return drafts


def line_pitches(pages: list[list[Line]]) -> dict[float, float]:
    """Return the commonest distance of successive baselines for each letter size."""
    seen: dict[float, Counter[float]] = {}
    for lines in pages:
        for a, b in pairwise(lines):
            step = round(b.bottom - a.bottom)
            if a.size == b.size and 0.7 * a.size < step < 2.6 * a.size:
                seen.setdefault(a.size, Counter())[step] += 1
    return {size: max(steps, key=lambda s: (steps[s], -s)) for size, steps in seen.items()}


def _starts_draft(
    draft: Draft, before: Line, line: Line, lines: list[Line], pitches: dict[float, float]
) -> bool:
    if line.bullet or _LEADERS.search(before.text) or before.page != line.page:
        return True
    if _CLOSED.search(before.text) and (legal_rank(line.text) or line.text[0] in '"“«'):
        return True  # a heading of a law, or the next of its definitions
    if _REFERENCE.match(before.text) or _REFERENCE.match(line.text):
        return True
    room = _room(before, lines)
    unfinished = not _CLOSED.search(before.text) and room < line.first_width + 0.3 * line.size
    if list_marker(line.text)[0]:
        inline = previous_marker(line.text)
        if inline and inline in join_lines(draft.lines)[4:]:
            return False  # "1) ..., 2) ..." runs on within the paragraph
        return not (unfinished and _wrapped_reference(before, line))
    if abs(line.size - before.size) > _SIZE_CHANGE * before.size:
        return True
    if line.bold != before.bold and (not unfinished or _heading_ended(draft, line)):
        return True
    step = line.bottom - before.bottom
    if step <= 0.5 * line.size:
        # Beside or above: the next column, unless a wide blank has cut one line in two.
        same_line = abs(step) < 0.4 * line.size and line.x0 > before.x1
        return not same_line and not continues_text(before.text, line.text)
    pitch = pitches.get(line.size, 1.2 * line.size)
    if step > _LOOSE * max(pitch, 1.1 * line.size):
        return True
    return _moved(draft, before, line, unfinished) or _ended_short(before, line, room)


def _wrapped_reference(before: Line, line: Line) -> bool:
    """Say whether "(a)" at the start of a line is the end of "under paragraph"."""
    after = re.sub(r"^\S+\s*", "", line.text)
    return abs(line.x0 - before.x0) < 2 and (
        bool(
            re.search(
                r"\b(?:sections?|paragraphs?|subsections?|no\.?|art\.?|articles?|of|and|"
                r"or|to|clauses?|sub-?paragraphs?)$",
                before.text,
                re.IGNORECASE,
            )
        )
        or not after
    )


def _heading_ended(draft: Draft, line: Line) -> bool:
    """Say whether a bold heading that fills its line ends above plain text."""
    text = draft.lines[0].text
    numbered = list_marker(text)[0] == "decimal"
    upper = sum(c.isupper() for c in text) > 0.55 * sum(c.isalpha() for c in text)
    return (
        all(own.bold for own in draft.lines)
        and not line.bold
        and line.text[:1].isupper()
        and (numbered or upper)
    )


def _room(line: Line, lines: list[Line]) -> float:
    """Return how much width was left at the right of a line, in points."""
    beside = [o.x1 for o in lines if o.x0 < line.x1 and abs(o.x0 - line.x0) < 6 * line.size]
    return max(beside, default=line.x1) - line.x1


def _moved(draft: Draft, before: Line, line: Line, unfinished: bool) -> bool:
    """Say whether the left edge moved in a way that starts a paragraph."""
    shift = line.x0 - before.x0
    indent = _INDENT * line.size
    if abs(shift) <= indent or unfinished:
        return False
    if draft.kind is not BlockKind.PARAGRAPH or len(draft.lines) == 1:
        # A hanging indent after a marker, or the second line of an indented paragraph.
        marked = draft.bullet or bool(list_marker(draft.lines[0].text)[0])
        return shift > 0 and not marked and bool(_CLOSED.search(before.text))
    return True


def _ended_short(before: Line, line: Line, room: float) -> bool:
    """Say whether the next word would have fitted: someone ended the line on purpose."""
    fitted = room > line.first_width + 0.9 * line.size
    fresh = line.text[:1].isupper() or line.text[:1].isdigit()
    if not fitted:
        return False
    return bool(_CLOSED.search(before.text)) or (fresh and room > 4 * line.size)


def continues_text(before: str, after: str) -> bool:
    """Say whether text cut by a column or a page goes on with ``after``."""
    if list_marker(after)[0] or not after or not before:
        return False
    if _CLOSED.search(before):
        return False
    if after[0].islower() or before[-1:] in "-\u2013,(":
        return True
    return bool(_OPEN.search(before))
