"""Plain text to drafts: paragraphs at blank lines, headings of plans and laws."""

from __future__ import annotations

import re

from gcm_align.reading.contents import set_contents
from gcm_align.reading.layout import Draft, Line, Part
from gcm_align.reading.numbering import DASHES, decimal_depth, is_bullet, legal_rank, list_marker
from gcm_align.types import BlockKind

_HEADING_WORDS = 14
_CLOSED = re.compile(r"[.;,]$")
_UNDERLINE = re.compile(r"^\s*(?:=|-|~){3,}\s*$")


def parse_plain(text: str) -> tuple[str, list[Draft]]:
    """
    Cut plain text into drafts; a form feed starts a page.

    Returns:
        The title (the first heading, else nothing), and the drafts.
    """
    drafts: list[Draft] = []
    for number, page in enumerate(text.split("\f"), start=1):
        for paragraph in re.split(r"\n[ \t]*\n", page):
            lines = [raw for raw in paragraph.split("\n") if raw.strip()]
            underlined = len(lines) == 2 and bool(_UNDERLINE.match(lines[1]))
            lines = [raw for raw in lines if not _UNDERLINE.match(raw)]
            alone = len(lines) == 1 or underlined
            drafts += [_draft(group, number, alone=alone) for group in _groups(lines)]
    set_contents(drafts)
    heading = next((d for d in drafts if d.kind is BlockKind.HEADING), None)
    return heading.text if heading is not None else "", drafts


def _groups(lines: list[str]) -> list[list[str]]:
    """Part the lines of a paragraph where a list item or a heading of a law starts."""
    groups: list[list[str]] = []
    for raw in lines:
        starts = _marked(raw) or (legal_rank(raw.strip()) > 0 and _short(raw.strip()))
        if not groups or starts or _is_law_heading(groups[-1]):
            groups.append([raw])
        else:
            groups[-1].append(raw)
    return groups


def _marked(raw: str) -> bool:
    words = raw.split(maxsplit=1)
    return bool(list_marker(raw.strip())[0]) or (
        len(words) == 2 and (is_bullet(words[0]) or words[0] in DASHES - {"o"})
    )


def _is_law_heading(group: list[str]) -> bool:
    return len(group) == 1 and legal_rank(group[0].strip()) > 0 and _short(group[0].strip())


def _short(text: str) -> bool:
    return len(text.split()) <= _HEADING_WORDS


def _draft(group: list[str], page: int, *, alone: bool) -> Draft:
    indent = len(group[0]) - len(group[0].lstrip())
    words = " ".join(" ".join(group).split())
    first = words.split(maxsplit=1)
    bullet = len(first) == 2 and (is_bullet(first[0]) or first[0] in DASHES - {"o"})
    if bullet:
        words = first[1]
    line = Line(page=page, text=words, x0=6.0 * indent, top=0, x1=0, bottom=0, bullet=bullet)
    draft = Draft(kind=BlockKind.PARAGRAPH, parts=[Part(page=page, text=words)], lines=[line])
    level = 0 if bullet else _heading_level(words, alone=alone)
    if level:
        draft.kind, draft.level = BlockKind.HEADING, level
    elif bullet or list_marker(words)[0]:
        draft.kind = BlockKind.LIST_ITEM
    return draft


def _heading_level(text: str, *, alone: bool) -> int:
    """Return the level of a heading, 0 where the text is none."""
    if not _short(text) or text[-1] in ",;":
        return 0
    rank = legal_rank(text)
    if rank:
        return rank
    if not alone or sum(c.isalpha() for c in text) < 3:
        return 0
    depth = decimal_depth(text)
    if depth and not _CLOSED.search(text):
        return depth
    upper = text.upper() == text
    return 1 if upper and not list_marker(text)[0] else 0
