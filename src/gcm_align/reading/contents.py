"""Pages of contents: which drafts they are, and the titles that they list."""

from __future__ import annotations

import re
from collections import defaultdict

from gcm_align.reading.layout import Draft
from gcm_align.types import BlockKind

LEADERS = re.compile(r"(?:\.\s?){5,}|…{2,}")
_TEXT_KINDS = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM})
_CONTENTS = re.compile(
    r"^(?:table of )?contents?$|^table des mati[èe]res|^sommaire$|^[íi]ndice|^sum[áa]rio|"
    r"^contenido|^list of (?:tables|figures|boxes)|^figures,? tables|^arrangement of sections",
    re.IGNORECASE,
)
_ENTRY = re.compile(r"(?:\.\s?){3,}|…|\s(?:\d{1,3}|[ivxl]+)$")


def heading_key(text: str) -> str:
    """Return a heading's letters alone, so that its number and its case do not matter."""
    return re.sub(r"[\W\d_]+", "", LEADERS.split(text)[0]).lower()


def is_contents_title(text: str) -> bool:
    """Say whether a line is the title of a contents page, and no entry: it has no page."""
    return bool(_CONTENTS.match(text.strip())) and not _ENTRY.search(text)


def set_contents(drafts: list[Draft]) -> frozenset[str]:
    """
    Mark the pages of contents; return the keys of the titles that they list.

    A page counts when it has a contents heading or goes on after such a page, and most of
    its lines end in leaders or in a page number; or when leaders alone say so.
    """
    pages: defaultdict[int, list[Draft]] = defaultdict(list)
    for draft in drafts:
        if draft.kind in _TEXT_KINDS and draft.parts:
            pages[draft.parts[0].page].append(draft)
    titles: set[str] = set()
    open_page = -1
    for number, own in sorted(pages.items()):
        start = next((i for i, d in enumerate(own) if _CONTENTS.match(d.text.strip())), None)
        leaders = sum(bool(LEADERS.search(d.text)) for d in own)
        entries = sum(bool(_ENTRY.search(d.text)) for d in own)
        goes_on = open_page == number - 1 and entries >= 0.5 * len(own)
        opens = start is not None and entries >= 0.3 * (len(own) - start)
        if not (goes_on or opens or leaders >= 4):
            continue
        open_page = number
        begin = 0 if goes_on or start is None else start
        last = max((i for i, d in enumerate(own) if _ENTRY.search(d.text)), default=begin)
        for draft in own[begin : last + 1]:
            draft.kind = BlockKind.CONTENTS
            titles.update(_entry_keys(draft.text))
            if is_contents_title(draft.text) and not draft.bullet:
                draft.kind = BlockKind.HEADING
    return frozenset(key for key in titles if len(key) >= 4)


def _entry_keys(text: str) -> list[str]:
    pieces = re.split(r"(?:\.\s?){3,}\s*\w{0,4}|…+\s*\w{0,4}|\s\d{1,3}$", text)
    keys = [heading_key(piece) for piece in pieces if piece]
    # "Chapter 2 Situation": its title may stand alone on its page.
    return [*keys, *(k.removeprefix("chapter").removeprefix("part") for k in keys)]
