"""Drafts of a whole document: sections, forewords and references, lead-ins of lists."""

from __future__ import annotations

import re

from gcm_align.reading.contents import heading_key, is_contents_title
from gcm_align.reading.layout import Draft
from gcm_align.reading.numbering import (
    FINITE_VERB,
    decimal_depth,
    legal_rank,
    list_marker,
    marker_class,
)
from gcm_align.types import BlockKind

_LEAD_WORDS = 60  # more of the stems above an item drowns the item
_ACRONYM_RUN = 5  # lines in a row; fewer may be a table of bodies
_ACRONYM = re.compile(r"^(?=\S*[A-Z]\S*[A-Z0-9])\S{2,10}\s+[A-Za-zÀ-ÿ]")
_COVER_CHARS = 1_500  # a first page with less is a cover
_IMPRINT_LEVEL = 6  # the deepest: it heads nothing
_TEXT_KINDS = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM})
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
_LEAD_END = re.compile(r"(?::|[—\u2013-]|:-)\s*\d{0,3}$")


def set_acronyms(drafts: list[Draft]) -> None:
    """Mark lists of acronyms, with or without a heading: many lines like "MoH Ministry ..."."""
    run: list[Draft] = []
    for draft in [*(d for d in drafts if d.kind in _TEXT_KINDS), None]:
        if draft is not None and _ACRONYM.match(draft.text) and _spells(draft.text):
            run.append(draft)
            continue
        if len(run) >= _ACRONYM_RUN:
            for own in run:
                own.kind = BlockKind.REFERENCE
        run = []


def _spells(text: str) -> bool:
    """Say whether a line's first word abbreviates the others, and no sentence follows."""
    acronym, *words = text.split()
    same = words[0][0].lower() == acronym[0].lower()
    return same and len(words) <= 12 and text[-1] not in ".;:"


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
        if cover and path and path[0].parts[0].page == 1 < draft.parts[0].page:
            path = []  # the words of the cover head no section
        if cover and draft.kind is BlockKind.PARAGRAPH and _is_imprint(draft):
            draft.kind, draft.level = BlockKind.HEADING, _IMPRINT_LEVEL
        if draft.kind is BlockKind.HEADING:
            if region is not None and not _ends_region(draft, region, known):
                draft.kind = region[0]
            else:
                region = _region(draft)
                path = [*(d for d in path if d.level < draft.level), draft]
        elif draft.kind is BlockKind.CONTENTS:
            path, region = [], None  # what stands before the contents heads no section
        elif region is not None and draft.kind in {*_TEXT_KINDS, BlockKind.TABLE_ROW}:
            draft.kind = region[0]
        above = path[:-1] if draft.kind is BlockKind.HEADING else path
        draft.section = tuple(d.text for d in above)


def _is_imprint(draft: Draft) -> bool:
    """Say whether a paragraph of the cover is a name, a date or an address: no sentence."""
    text = draft.text.strip()
    return draft.parts[0].page == 1 and not FINITE_VERB.search(text)


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
    if is_contents_title(draft.text):
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
            style = style or _sibling_class(draft.text, last)
            known = [i for i, (s, _) in enumerate(stack) if s == style]
            if known:
                stack = stack[: known[-1] + 1]
            elif last is not None and _leads(last, draft):
                words = last_sentence(last.text)
                lead = f"{last.lead_in} {words}".split()[-_LEAD_WORDS:]
                stack.append((style, " ".join(lead)))
            else:
                stack = []
            draft.lead_in = stack[-1][1] if stack else ""
        elif draft.kind is not BlockKind.CAPTION:
            stack = []
        last = draft


def _sibling_class(text: str, last: Draft | None) -> str:
    """Return the style of an item's marker; ``i.`` after ``h.`` is a letter, not a one."""
    own = marker_class(text)
    core = list_marker(text)[1].strip("().")
    before = list_marker(last.text)[1].strip("().") if last is not None else ""
    if len(core) == len(before) == 1 and ord(core) == ord(before) + 1 and before.isalpha():
        assert last is not None
        return marker_class(last.text) if before.lower() not in "iv" else own
    return own


def _leads(last: Draft, item: Draft) -> bool:
    if last.kind not in {*_TEXT_KINDS, BlockKind.HEADING}:
        return False
    if _LEAD_END.search(last.text):
        return True
    # A law's sub-section runs on into its items: "(1) A person who" / "(a) enters".
    numbered = list_marker(item.text)[0] in {"paren", "roman", "letter"}
    return numbered and last.text.rstrip()[-1:] not in ".;!?" and last.kind is not BlockKind.HEADING


def last_sentence(text: str) -> str:
    """Return the last sentence of a text."""
    return re.split(r"(?<=[.;!?])\s+(?=[A-ZÀ-Ý(])", text)[-1].strip()
