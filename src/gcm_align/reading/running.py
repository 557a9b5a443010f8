"""Running heads, feet and page numbers; footnotes at the foot of a page."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from difflib import SequenceMatcher

from gcm_align.reading.layout import Line, PageLayout
from gcm_align.reading.numbering import BARE_LABEL, list_marker

_MARGIN = 0.15  # of the page's height, at the top and at the bottom
_EDGE = 0.10  # where a bare number is a page number
_LEAST_PAGES = 3  # a line on three pages at the same height is no coincidence
_SAME_HEIGHT = 6.0  # points
_ALIKE = 0.8  # of the letters of a recognised line: italics at a foot are misread on each page
_SMALL = 0.92  # of the body's letter size: notes are 1 point smaller or more
_LARGE = 1.5  # times the body's letter size: the title of a part, not a running head
_NUMBER = re.compile(
    r"^\W*(?:page|p\.|página|pág\.?)?\s*(?:\d{1,4}|[ivxlc]{1,7})\s*"
    r"(?:(?:/|of|de|sur)\s*\d{1,4})?\W*$",
    re.IGNORECASE,
)
# A letter must stand apart from the word after it: "ii See", but not "implementation".
_NOTE_MARK = re.compile(
    r"^(?:(?:\d{1,3}|[*†‡§]+|\[\w{1,7}\])\s*|[ivx]{1,5}\s+)[A-Za-zÀ-ÿ\"“\u2018(«\[]"
)


def body_size(layouts: list[PageLayout]) -> float:
    """Return the letter size, in points, in which most of the text is set."""
    sizes: Counter[float] = Counter()
    for layout in layouts:
        for line in layout.lines:
            sizes[line.size] += len(line.text)
    return max(sizes, key=lambda size: (sizes[size], size)) if sizes else 10.0


def running_lines(layouts: list[PageLayout]) -> set[int]:
    """Return ``id()`` of the lines that repeat at the edge of pages, or are page numbers."""
    places: defaultdict[str, list[tuple[int, float, Line]]] = defaultdict(list)
    found: set[int] = set()
    size = body_size(layouts)
    for layout in layouts:
        for line in layout.lines:
            # "5 ibid." stands at the foot of many pages, and is a note.
            if is_note_start(line.text) and line.size <= _SMALL * size:
                continue
            if line.size > _LARGE * size:
                continue
            # "Chapter 2" at the head of each chapter, over its title.
            if line.size > size and BARE_LABEL.match(line.text):
                continue
            if not _in_margin(line, layout, _MARGIN):
                continue
            if _NUMBER.match(line.text) and _in_margin(line, layout, _EDGE):
                found.add(id(line))
            # From the foot upwards, so that portrait and landscape pages agree.
            low = line.top > layout.height / 2
            height = layout.height - line.bottom if low else line.top
            key = _masked(line.text) + "v^"[low]
            if line.confidence is not None:
                key = _known(key, places)
            places[key].append((layout.number, height, line))
    needed = min(_LEAST_PAGES, max(2, len(layouts)))
    for same in places.values():
        for _, height, line in same:
            pages = {n for n, other, _ in same if abs(other - height) <= _SAME_HEIGHT}
            if len(pages) >= needed:
                found.add(id(line))
    return found


def free_page_numbers(layouts: list[PageLayout]) -> None:
    """Take page numbers out of table cells: a table that runs to the foot surrounds them."""
    usual = [
        (layout.height - line.bottom, layout.number - int(line.text))
        for layout in layouts
        for line in layout.lines
        if line.text.isdecimal() and line.top > (1 - _EDGE) * layout.height
    ]
    for layout in layouts:
        for cell in (cell for t in layout.tables for row in t.rows for cell in row):
            for line in [ln for ln in cell.lines if ln.text.isdecimal()]:
                height, shift = layout.height - line.bottom, layout.number - int(line.text)
                same = sum(s == shift and abs(h - height) <= _SAME_HEIGHT for h, s in usual)
                if same >= _LEAST_PAGES:
                    cell.lines.remove(line)
                    layout.lines.append(line)


def _in_margin(line: Line, layout: PageLayout, share: float) -> bool:
    return line.bottom < share * layout.height or line.top > (1 - share) * layout.height


def _known(key: str, places: Iterable[str]) -> str:
    """Return a line's key, or one that differs by misread letters alone."""
    return next((k for k in places if SequenceMatcher(a=k, b=key).ratio() >= _ALIKE), key)


def _masked(text: str) -> str:
    return re.sub(r"\d+|\b[ivxlc]+\b", "#", text.lower())


def note_lines(lines: list[Line], height: float, size: float) -> list[Line]:
    """
    Return the footnotes of a page: the small lines at its foot, from a note mark on.

    Args:
        lines: Lines of the page without running heads, in reading order.
        height: Of the page, in points.
        size: Letter size of the body, in points.
    """
    small = [line for line in lines if line.size <= _SMALL * size]
    large = [line for line in lines if line.size > _SMALL * size]
    lowest = max((line.bottom for line in large), default=0.0)
    foot = sorted((ln for ln in small if ln.top >= lowest - 4), key=lambda ln: ln.order)
    # A caption or a source under a picture stands higher and has no mark.
    for index, line in enumerate(foot):
        if is_note_start(line.text) and line.top > 0.3 * height:
            return foot[index:]
    return []


def is_note_start(text: str) -> bool:
    """Say whether a line starts with a note mark: a bare number or a star before a word."""
    return bool(_NOTE_MARK.match(text)) and not list_marker(text)[0]
