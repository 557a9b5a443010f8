"""Drafts of a whole document: headings and their levels, sections, regions, lead-ins."""

from __future__ import annotations

import re
from collections import defaultdict
from statistics import median

from gcm_align.reading.layout import Draft
from gcm_align.reading.numbering import decimal_depth, legal_rank, list_marker, marker_class
from gcm_align.types import BlockKind

_Style = tuple[float, bool]  # letter size in points, bold

_DEEPEST = 6  # levels of heading that anyone can follow
_LEAD_WORDS = 60  # more of the stems above an item drowns the item
_COVER_CHARS = 1_500  # a first page with less is a cover
_TEXT_KINDS = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM})
_HEADING_WORDS = 22  # the longest numbered heading seen; a sentence in bold is longer
_LARGER = 1.08  # times the body's letter size
_VERB = re.compile(
    r"\b(?:shall|will|must|may|should|is|are|was|were|has|have|can|doit|doivent|est|sont|"
    r"deber[áa]n?|podr[áa]n?|es|son)\b",
    re.IGNORECASE,
)
_LAW = re.compile(
    r"^(?:part|title|division|subdivision|section|article|artículo|artigo|titre)\s+[\dIVXivx]",
    re.IGNORECASE,
)
# "Chapter 3" on a line of its own; its title follows.
_BARE_LABEL = re.compile(
    r"^(?:part|chapter|title|annex|appendix|partie|chapitre|titre|annexe|cap[íi]tulo|t[íi]tulo)"
    r"\s+[\dIVXLC]+\s*[:.\u2013—-]?$",
    re.IGNORECASE,
)
_CONTENTS = re.compile(
    r"^(?:table of )?contents?$|^table des mati[èe]res|^sommaire$|^[íi]ndice|^sum[áa]rio|"
    r"^contenido|^list of (?:tables|figures|boxes)|^figures,? tables|^arrangement of sections",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"^(?:list of )?(?:abbreviations|acronyms)|^references?$|^bibliograph|^works cited|"
    r"^(?:liste des )?(?:abr[ée]viations|sigles|acronymes)|^bibliograf|^siglas|^abreviaturas",
    re.IGNORECASE,
)
_FOREWORD = re.compile(
    r"^(?:foreword|preface|pr[ée]face|avant-propos|pr[óo]logo|message|"
    r"acknowledge?ments?|remerciements|agradecimientos|mot du|statement (?:by|of) (?:the )?"
    r"(?:minister|president))",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^(?:executive summary|summary|introduction|background|preamble|r[ée]sum[ée]|resumen)",
    re.IGNORECASE,
)
_CAPTION = re.compile(
    r"^(?:table|figure|graph|chart|box|map|tableau|graphique|encadr[ée]|cuadro|gr[áa]fico)"
    r"\s+\d+(?:\.\d+)*\s*[:.\u2013-]",
    re.IGNORECASE,
)
_LEADERS = re.compile(r"(?:\.\s?){5,}|…{2,}")
_ENTRY = re.compile(r"(?:\.\s?){3,}|…|\s(?:\d{1,3}|[ivxl]+)$")
_LEAD_END = re.compile(r"(?::|[—\u2013-]|:-)\s*\d{0,3}$")


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
            if _BARE_LABEL.match(draft.text):
                draft.kind = BlockKind.HEADING
            elif _CAPTION.match(draft.text) and len(draft.text.split()) <= 30:
                draft.kind = BlockKind.CAPTION
            elif _is_heading(draft, size, known, legal=legal):
                draft.kind = BlockKind.HEADING
    _set_levels([d for d in drafts if d.kind is BlockKind.HEADING], legal=legal)


def heading_key(text: str) -> str:
    """Return a heading's letters alone, so that its number and its case do not matter."""
    return re.sub(r"[\W\d_]+", "", _LEADERS.split(text)[0]).lower()


def _is_heading(draft: Draft, size: float, known: frozenset[str], *, legal: bool) -> bool:
    text = draft.text
    words = text.split()
    letters = sum(c.isalpha() for c in text)
    if not words or len(words) > _HEADING_WORDS or letters < 3:
        return False
    if text[-1] in ",;" or _LEADERS.search(text):
        return False
    if heading_key(text) in known and len(words) <= 16 and text[-1] not in ".:":
        return True
    if text[0].islower():
        return False
    if legal_rank(text):
        return True
    kind = list_marker(text)[0]
    if legal and kind == "number" and len(words) <= 14 and not _VERB.search(text):
        return len(text) > 8 and text[-1] != ":"
    if text[-1] == "." and not kind and not (draft.bold and len(words) <= 8):
        return False
    if kind == "paren":
        return False
    larger = draft.size >= _LARGER * size
    # Fonts of small capitals may give some letters as lower case: "TAblE OF COnTEnTS".
    upper = sum(c.isupper() for c in text) > 0.55 * letters and letters >= 4 and len(words) > 1
    upper = upper and not any(c.isdigit() for c in words[-1])  # "INS, 2012" is a source
    styled = larger or draft.bold or upper
    return styled and len(draft.lines) <= 4 and not (text[-1] == "." and _VERB.search(text))


def _set_levels(headings: list[Draft], *, legal: bool) -> None:
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
    for draft in headings:
        rank, depth = legal_rank(draft.text), decimal_depth(draft.text)
        if rank:
            draft.level = rank
        elif draft.text.endswith(":") and not depth:
            draft.level = _DEEPEST  # "Strategic responses:" stands under whatever is open
        elif depth or (depth := _depth_of(_style(draft), typical) or 0):
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
        leaders = sum(bool(_LEADERS.search(d.text)) for d in own)
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
    return frozenset(key for key in titles if len(key) >= 4)


def _entry_keys(text: str) -> list[str]:
    pieces = re.split(r"(?:\.\s?){3,}\s*\w{0,4}|…+\s*\w{0,4}|\s\d{1,3}$", text)
    keys = [heading_key(piece) for piece in pieces if piece]
    # "Chapter 2 Situation": its title may stand alone on its page.
    return [*keys, *(k.removeprefix("chapter").removeprefix("part") for k in keys)]


def join_labels(drafts: list[Draft]) -> None:
    """Join "Chapter 3" to the title below it; the list changes in place."""
    index = 0
    while index + 1 < len(drafts):
        label, title = drafts[index], drafts[index + 1]
        index += 1
        if label.kind is not BlockKind.HEADING or not _BARE_LABEL.match(label.text):
            continue
        fits = title.kind in {BlockKind.HEADING, BlockKind.PARAGRAPH} and not (
            legal_rank(title.text) or list_marker(title.text)[0] or title.text[-1:] in ".;:,"
        )
        same_page = title.parts[0].page == label.parts[0].page
        if fits and same_page and len(title.text.split()) <= _HEADING_WORDS:
            label.parts += title.parts
            label.lines += title.lines
            del drafts[index]


def set_sections(drafts: list[Draft], known: frozenset[str] = frozenset()) -> None:
    """
    Give each draft the headings above it, and mark references and forewords.

    Args:
        drafts: In reading order; changed in place.
        known: Titles that the contents list; where there are any, nothing else that merely
            looks like a heading ends a foreword or a list of acronyms.
    """
    path: list[Draft] = []
    region: tuple[BlockKind, int] | None = None
    cover = _cover(drafts)
    for draft in drafts:
        if draft.kind is BlockKind.HEADING:
            if region is not None and not _ends_region(draft, region, known):
                draft.kind = region[0]
            else:
                region = _region(draft)
                if cover and path and path[0].parts[0].page == 1 < draft.parts[0].page:
                    path = []  # the words of the cover head no section
                path = [*(d for d in path if d.level < draft.level), draft]
        elif draft.kind is BlockKind.CONTENTS:
            path, region = [], None  # what stands before the contents heads no section
        elif region is not None and draft.kind in {*_TEXT_KINDS, BlockKind.TABLE_ROW}:
            draft.kind = region[0]
        above = path[:-1] if draft.kind is BlockKind.HEADING else path
        draft.section = tuple(d.text for d in above)


def _cover(drafts: list[Draft]) -> bool:
    first = sum(len(d.text) for d in drafts if d.parts and d.parts[0].page == 1)
    last = max((d.parts[-1].page for d in drafts if d.parts), default=1)
    return last > 2 and first < _COVER_CHARS


def _region(draft: Draft) -> tuple[BlockKind, int] | None:
    bare = draft.text.strip(" :.\t")
    bare = re.sub(r"^(?:[\dIVXivx]+[.)]?\s+|annex\w*\s+\w+\s*[:.\u2013-]?\s*)", "", bare)
    if _REFERENCE.match(bare) and len(bare.split()) <= 8:
        return BlockKind.REFERENCE, draft.level
    # Names and offices of the author may belong to the heading.
    return (BlockKind.FOREWORD, draft.level) if _FOREWORD.match(bare) else None


def _ends_region(draft: Draft, region: tuple[BlockKind, int], known: frozenset[str]) -> bool:
    if decimal_depth(draft.text) or legal_rank(draft.text) or _region(draft) is not None:
        return True
    # The signature under a foreword is often set like a heading.
    if known:
        return heading_key(draft.text) in known or bool(_OPENING.match(draft.text))
    return draft.level <= region[1]


def set_lead_ins(drafts: list[Draft]) -> None:
    """Give each list item the words that it completes: "The Government will:"."""
    stack: list[tuple[str, str]] = []  # (style of the items it leads, words)
    last: Draft | None = None
    for draft in drafts:
        if draft.kind in {BlockKind.RUNNING, BlockKind.NOTE}:
            continue
        if draft.kind is BlockKind.LIST_ITEM:
            style = "•" + str(round(draft.lines[0].x0 / 12)) if draft.bullet else ""
            style = style or marker_class(draft.text)
            known = [i for i, (s, _) in enumerate(stack) if s == style]
            if known:
                stack = stack[: known[-1] + 1]
            elif last is not None and _leads(last, draft):
                words = _last_sentence(last.text)
                lead = f"{last.lead_in} {words}".split()[-_LEAD_WORDS:]
                stack.append((style, " ".join(lead)))
            else:
                stack = []
            draft.lead_in = stack[-1][1] if stack else ""
        elif draft.kind is not BlockKind.CAPTION:
            stack = []
        last = draft


def _leads(last: Draft, item: Draft) -> bool:
    if last.kind not in {*_TEXT_KINDS, BlockKind.HEADING}:
        return False
    if _LEAD_END.search(last.text):
        return True
    # A law's sub-section runs on into its items: "(1) A person who" / "(a) enters".
    numbered = list_marker(item.text)[0] in {"paren", "roman", "letter"}
    return numbered and last.text.rstrip()[-1:] not in ".;!?" and last.kind is not BlockKind.HEADING


def _last_sentence(text: str) -> str:
    return re.split(r"(?<=[.;!?])\s+(?=[A-ZÀ-Ý(])", text)[-1].strip()
