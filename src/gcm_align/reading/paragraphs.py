"""Lines of a page to drafts: where one paragraph, list item or heading ends."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from gcm_align.reading.layout import Draft, Line, join_lines, parts_by_page
from gcm_align.reading.numbering import (
    BARE_LABEL,
    FINITE_VERB,
    legal_rank,
    list_marker,
    previous_marker,
)
from gcm_align.types import BlockKind

# A note mark may follow the stop; "23.9" is a number, no stop and mark.
_CLOSED = re.compile(r"[.:;!?…][\"”\u2019')\]]*(?:\s\d{1,3}|(?<!\d[.:])\d{1,3})?$")
_OPEN = re.compile(
    r"(?:\b(?:and|or|of|the|to|for|in|by|with|at|from|on|between|than|that|which|"
    r"et|ou|de|des|la|le|dans|par|sur|aux?|y|o|del|con|por|para))$"
)
_COLUMN = 6.0  # letter heights: how far up the next column goes on; beside it is a box
_FULL = 2.5  # letter heights: a line that leaves less at its right is full
_LOOSE = 1.25  # times the usual line pitch: the blank between paragraphs
_INDENT = 0.7  # letter heights: the least first-line indent seen is 1
_CENTRED = 4  # letter heights of blank on both sides: no indent of a paragraph is as deep
_MARGIN_LINES = 3  # that start at the same edge make a margin
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
    if len(draft.lines) == 1 and BARE_LABEL.match(before.text):
        return True  # the title below "Chapter 5" may have lines of its own
    room = _room(before, lines)
    unfinished = not _CLOSED.search(before.text) and room < line.first_width + 0.3 * line.size
    if list_marker(line.text)[0]:
        inline = previous_marker(line.text)
        if inline and inline in join_lines(draft.lines)[4:]:
            return False  # "1) ..., 2) ..." runs on within the paragraph
        return not (
            (unfinished and _wrapped_reference(before, line)) or _wrapped_number(before, line)
        )
    if abs(line.size - before.size) > _SIZE_CHANGE * before.size:
        return True
    if line.bold != before.bold and (not unfinished or _heading_ended(draft, line)):
        return True
    step = line.bottom - before.bottom
    if step <= 0.5 * line.size:
        # Beside or above: the next column, unless a wide blank has cut one line in two.
        same_line = abs(step) < 0.4 * line.size and line.x0 > before.x1
        if same_line or continues_text(before.text, line.text):
            return False
        at = lines.index(line)
        next_column = line.x0 > before.x0 and line.top < before.top - _COLUMN * line.size
        return not (next_column and runs_over(draft.lines, lines[at : at + 2]))
    pitch = pitches.get(line.size, 1.2 * line.size)
    if step > _LOOSE * max(pitch, 1.1 * line.size):
        return True
    if len(draft.lines) == 1 and not line.bold and _centred(before, line, lines):
        return True
    return _moved(draft, before, line, unfinished) or _ended_short(before, line, room)


def _wrapped_number(before: Line, line: Line) -> bool:
    """Say whether a line starts with a figure of its sentence: "years at" / "4.5 per cent"."""
    after = re.sub(r"^\S+\s*", "", line.text)
    return bool(_OPEN.search(before.text)) and after[:1].islower() and line.text[0].isdigit()


def _wrapped_reference(before: Line, line: Line) -> bool:
    """Say whether "(a)" at the start of a line is the end of "under paragraph"."""
    after = re.sub(r"^\S+\s*", "", line.text)
    if re.search(r";\s*(?:and|or|et|ou|y|o)$", before.text):
        return False  # the next of a list, not the end of "sections (1) and"
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


def _centred(before: Line, line: Line, lines: list[Line]) -> bool:
    """Say whether a line stands in the middle of the column in which the next one starts."""
    column = [own for own in lines if abs(own.x0 - line.x0) < 2]
    if len(column) < _MARGIN_LINES:
        return False  # the next line of a title may be longer, and start further left
    left = before.x0 - line.x0
    right = max(own.x1 for own in column) - before.x1
    return min(left, right) > _CENTRED * line.size and abs(left - right) < 0.25 * (left + right)


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
    if not fitted or _OPEN.search(before.text):
        return False
    return bool(_CLOSED.search(before.text)) or (fresh and room > 4 * line.size)


def continues_text(before: str, after: str) -> bool:
    """Say whether text cut by a column or a page goes on with ``after``."""
    if list_marker(after)[0] or not after or not before:
        return False
    if _CLOSED.search(before):
        return False
    if after[0].islower() or before[-1:] in "-\u00ad\u2013,(":
        return True
    return before.endswith(",") or bool(_OPEN.search(before))


def runs_over(lines: list[Line], after: list[Line]) -> bool:
    """
    Say whether a page or a column cuts a paragraph, though a capital follows the cut.

    Args:
        lines: Of the paragraph so far; its last line must be full and without a stop.
        after: What follows; a title there is short, and a sentence is not.
    """
    last, text = lines[-1], " ".join(line.text for line in after)
    if len(lines) < 2 or _CLOSED.search(last.text) or list_marker(text)[0] or legal_rank(text):
        return False
    if len(after) < 2 and not (_CLOSED.search(text) and FINITE_VERB.search(text)):
        return False
    full = max(line.x1 for line in lines) - last.x1 < _FULL * last.size
    return full and abs(last.size - after[0].size) < 0.6 and last.bold == after[0].bold
