"""Drafts that are headings, and the level of each."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import takewhile
from statistics import median

from gcm_align.reading.contents import LEADERS, heading_key
from gcm_align.reading.layout import Cell, Draft, parts_by_page
from gcm_align.reading.numbering import (
    BARE_LABEL,
    FINITE_VERB,
    decimal_depth,
    legal_rank,
    list_marker,
)
from gcm_align.types import BlockKind

_Style = tuple[float, bool]  # letter size in points, bold

_DEEPEST = 6  # levels of heading that anyone can follow
_TEXT_KINDS = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM})
_HEADING_WORDS = 22  # the longest numbered heading seen; a sentence in bold is longer
_LONE_LETTERS = 6  # "EDUCATION" alone is a heading, "NGOS" may be of a chart
_SENTENCE_WORDS = 8  # a numbered line with a full stop and more words is an item of a list
_LARGER = 1.08  # times the body's letter size
_LAW = re.compile(
    r"^(?:part|title|division|subdivision|section|article|artículo|artigo|titre)\s+[\dIVXivx]",
    re.IGNORECASE,
)
_CAPTION = re.compile(
    r"^(?:table|figure|graph|chart|box|map|tableau|graphique|encadr[ée]|cuadro|gr[áa]fico)"
    r"\s+\d+(?:\.\d+)*\s*[:.\u2013-]|^sources?\s*:",
    re.IGNORECASE,
)


def set_headings(drafts: list[Draft], size: float, known: frozenset[str]) -> None:
    """
    Turn drafts that are headings into headings, and give each its level.

    Args:
        drafts: In reading order; changed in place.
        size: Letter size of the body, in points.
        known: Titles from bookmarks and contents pages, as ``heading_key`` gives them.
    """
    legal = sum(bool(_LAW.match(d.text)) and len(d.text) < 160 for d in drafts) >= 5
    for draft in drafts:
        if draft.kind in _TEXT_KINDS and not draft.bullet:
            if BARE_LABEL.match(draft.text):
                draft.kind = BlockKind.HEADING
            elif _CAPTION.match(draft.text) and len(draft.text.split()) <= 30:
                draft.kind = BlockKind.CAPTION
            elif _is_heading(draft, size, known, legal=legal):
                draft.kind = BlockKind.HEADING
    _set_levels([d for d in drafts if d.kind is BlockKind.HEADING], known, legal=legal)


def _is_heading(draft: Draft, size: float, known: frozenset[str], *, legal: bool) -> bool:
    text = draft.text
    words = text.split()
    letters = sum(c.isalpha() for c in text)
    if not words or len(words) > _HEADING_WORDS or letters < 3:
        return False
    if text[-1] in ",;" or LEADERS.search(text):
        return False
    if heading_key(text) in known and len(words) <= 16 and text[-1] not in ".:":
        return True
    # Fonts of small capitals may give some letters as lower case: "aRTS aND CUlTURe".
    capitals = sum(c.isupper() for c in text) > 0.55 * letters and letters >= 4
    if text[0].islower() and not capitals:
        return False
    sentence = text[-1] == "." and bool(FINITE_VERB.search(text))
    if legal_rank(text):
        # "Article 36: Every citizen shall ..." is the article, not its title.
        return not (sentence and len(words) > _SENTENCE_WORDS)
    kind = list_marker(text)[0]
    if legal and kind == "number" and len(words) <= 14 and not FINITE_VERB.search(text):
        return len(text) > 8 and text[-1] != ":"
    if (
        text[-1] == "."
        and not kind
        and not ((draft.bold or capitals) and len(words) <= 8 and text[-2:] != "..")
    ):
        return False
    if kind == "paren" or (text[-1] == "." and kind and len(words) > _SENTENCE_WORDS):
        return False
    larger = draft.size >= _LARGER * size
    upper = capitals and (len(words) > 1 or letters >= _LONE_LETTERS)
    upper = upper and not any(c.isdigit() for c in words[-1])  # "INS, 2012" is a source
    styled = larger or draft.bold or upper
    return styled and len(draft.lines) <= 4 and not sentence


def _set_levels(headings: list[Draft], known: frozenset[str], *, legal: bool) -> None:
    """Rank the styles: laws by their keywords, numbers by their depth, others by size."""
    numbered: defaultdict[int, list[Draft]] = defaultdict(list)
    plain: set[_Style] = set()
    for draft in headings:
        depth = decimal_depth(draft.text)
        if not legal_rank(draft.text) and depth:
            numbered[depth].append(draft)
        elif not legal_rank(draft.text):
            plain.add(_style(draft))
    typical = {
        depth: (median(d.size for d in own), 2 * sum(d.bold for d in own) > len(own))
        for depth, own in numbered.items()
    }
    free = sorted({s for s in plain if _depth_of(s, typical) is None}, reverse=True)
    top = typical[min(typical)] if typical else None
    # In a law, numbered sections stand below its parts, chapters and divisions.
    above = 4 if legal else min(1, sum(top is not None and style > top for style in free))
    open_depth = 0  # of the numbered heading that was seen last
    for draft in headings:
        rank, depth = legal_rank(draft.text), decimal_depth(draft.text)
        open_depth = 0 if rank else open_depth
        if rank:
            draft.level = rank
        elif draft.text.endswith(":") and not depth:
            draft.level = _DEEPEST  # "Strategic responses:" stands under whatever is open
        elif depth or (depth := _depth_of(_style(draft), typical) or 0):
            inner = depth > 1 and not decimal_depth(draft.text)
            if inner and heading_key(draft.text) not in known:
                depth = max(depth, open_depth) + 1  # "Thailand" stands below "3.1 Trends"
            else:
                open_depth = depth
            draft.level = min(_DEEPEST, above + depth)
        else:
            style = _style(draft)
            larger = [d for d, s in typical.items() if s > style]
            over = above + max(larger) if larger else 0
            peers = [s for s in free if s > style and (not larger or s < typical[max(larger)])]
            draft.level = min(_DEEPEST, over + len(peers) + 1)


def _style(draft: Draft) -> _Style:
    return draft.size, draft.bold


def _depth_of(style: _Style, typical: dict[int, _Style]) -> int | None:
    """Return the depth of the numbered headings that are set in a style, or None."""
    same = [d for d, s in typical.items() if abs(s[0] - style[0]) < 0.6 and s[1] == style[1]]
    return min(same) if same else None


def join_labels(drafts: list[Draft]) -> None:
    """Join "Chapter 3" to the title below it; the list changes in place."""
    index = 0
    while index + 1 < len(drafts):
        label, title = drafts[index], drafts[index + 1]
        index += 1
        if label.kind is not BlockKind.HEADING or not BARE_LABEL.match(label.text):
            continue
        fits = title.kind in {BlockKind.HEADING, BlockKind.PARAGRAPH} and not (
            legal_rank(title.text) or list_marker(title.text)[0] or title.text[-1:] in ".;:,"
        )
        same_page = title.parts[0].page == label.parts[0].page
        if fits and same_page and len(title.text.split()) <= _HEADING_WORDS:
            label.parts += title.parts
            label.lines += title.lines
            del drafts[index]


def take_band_titles(cell: Cell) -> list[Draft]:
    """Take the numbered bold lines that open a band of a table, where more text follows."""
    own = list(takewhile(lambda line: line.bold and decimal_depth(line.text), cell.lines))
    if len(own) == len(cell.lines):
        return []  # a band with nothing but a title heads its rows as it is
    cell.lines = cell.lines[len(own) :]
    return [Draft(kind=BlockKind.HEADING, lines=[ln], parts=parts_by_page([ln])) for ln in own]
