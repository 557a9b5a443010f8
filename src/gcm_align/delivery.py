"""Delivery facts of a passage: who, when, with what money, how measured, or else what.

Word lists decide, not a named-entity model: on law and plans the small model's ORG and
DATE were right about half the time, and a wrong body lifts a verdict to operationalised.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from gcm_align.lexicons import alternatives, load_lexicon, pattern
from gcm_align.types import BlockKind, Cue

Cell = tuple[str, int, int]
"""Name of a table column, and the half-open range of its cell in the passage."""

_COLUMN_KINDS = (
    ("body", re.compile(r"responsib|institution|agency|lead\b|implement|actor|owner|who\b", re.I)),
    ("time", re.compile(r"time|date|year|period|when|deadline|schedule|quarter", re.I)),
    ("resources", re.compile(r"budget|cost|resource|fund|financ|usd|amount", re.I)),
    ("indicator", re.compile(r"indicator|target|measure of|verif|baseline|output|result", re.I)),
)
_EMPTY_CELL = re.compile(
    r"^[\s\-\u2013\u2014/.]*(?:tbc|tbd|n/?a|none|nil)?[\s\-\u2013\u2014/.]*$", re.I
)


def find_delivery(text: str, kind: BlockKind, cells: Sequence[Cell] = ()) -> tuple[Cue, ...]:
    """
    Find delivery facts, each with the words that show it, in order of place.

    Args:
        text: A passage.
        kind: In a table row a bare acronym names a body; in a sentence it may name
            anything, so there it counts only where it acts.
        cells: Named cells of a table row; a filled cell below "Budget" is a resource.
    """
    found = [
        *_in_columns(text, cells),
        *_bodies(text, kind),
        *_times(text),
        *_money(text),
        *_plain(text, "indicator"),
        *_plain(text, "sanction"),
    ]
    found.sort(key=lambda cue: (cue.start, -cue.end, cue.kind))
    return tuple(_without_overlaps(found))


def _cue(kind: str, text: str, start: int, end: int) -> Cue:
    return Cue(kind=kind, start=start, end=end, text=text[start:end])


def _in_columns(text: str, cells: Sequence[Cell]) -> Iterator[Cue]:
    for name, start, end in cells:
        kind = next((k for k, words in _COLUMN_KINDS if words.search(name)), None)
        if kind and not _EMPTY_CELL.match(text[start:end]):
            yield _cue(kind, text, start, end)


def _bodies(text: str, kind: BlockKind) -> Iterator[Cue]:
    for name, case in (("body_case", True), ("body_lower", False)):
        for hit in pattern("delivery", name, case=case).finditer(text):
            yield _cue("body", text, *hit.span())
    for hit in pattern("delivery", "acronym", case=True).finditer(text):
        if _stop_words().fullmatch(hit[0]):
            continue
        if kind is BlockKind.TABLE_ROW or _acts(text, hit):
            yield _cue("body", text, *hit.span())


@cache
def _stop_words() -> re.Pattern[str]:
    lists = load_lexicon("delivery")["lists"]
    return re.compile(alternatives(lists["not_body"], lists))


@cache
def _not_time() -> re.Pattern[str]:
    """The words before a year that make it a name; they end where the year begins."""
    return re.compile(pattern("delivery", "not_time").pattern.removesuffix(r"(?!\w)"), re.I)


_ACTS_AFTER = re.compile(r"\s*(?:\)\s*)?(?:shall|will|must|may|is|has|and the)\b")
_ACTS_BEFORE = re.compile(
    r"(?:\bby|\bled by|lead|responsible|responsibility|\()\s*:?\s*(?:the )?$", re.I
)


def _acts(text: str, hit: re.Match[str]) -> bool:
    return bool(_ACTS_AFTER.match(text, hit.end()) or _ACTS_BEFORE.search(text[: hit.start()]))


def _times(text: str) -> Iterator[Cue]:
    not_time = _not_time()
    for hit in pattern("delivery", "time").finditer(text):
        if not not_time.search(text[max(0, hit.start() - 40) : hit.start()]):
            cue = _cue("time", text, *hit.span())
            if _is_fact(text, cue):
                yield cue


_FINE_BEFORE = re.compile(r"\b(?:fin(?:e|ed|es)|penalt\w+|deposit|damages)\b[^.;]{0,40}$", re.I)


def _money(text: str) -> Iterator[Cue]:
    for cue in _plain(text, "resources"):
        # The amount of a fine is the sanction, not the means.
        if not _FINE_BEFORE.search(text[: cue.start]):
            yield cue


# Words that look like a fact and are none where they stand, by kind: what the cue itself may
# not be, and what may not stand before it in its clause.
_NO_FACT = {
    "sanction": (
        re.compile(r"inspectors?$", re.I),
        re.compile(
            r"\b(?:not|never|nor|nothing|abolish\w*|remov\w+|repeal\w*)\b[^.;,]{0,60}$|\bno $",
            re.I,
        ),
    ),
    # "Grants of 40,000 crowns" are means; "to grant an extension" and "costs of" are none.
    "resources": (
        re.compile(r"costs? of$|grant$", re.I),
        re.compile(r"\b(?:to|may|shall|must|will|not) $|\bremittances\b[^.;]{0,40}$", re.I),
    ),
    "indicator": (re.compile(r"number of$"), re.compile(r"\b(?:estimated|about|some) $", re.I)),
    "time": (re.compile(r"(?:since|as of)\b.*$", re.I), re.compile(r"\b(?:since|as of) $", re.I)),
}


def _is_fact(text: str, cue: Cue) -> bool:
    own, before = _NO_FACT[cue.kind]
    return not own.match(cue.text) and not before.search(text[: cue.start])


def _plain(text: str, kind: str) -> Iterator[Cue]:
    for hit in pattern("delivery", kind).finditer(text):
        cue = _cue(kind, text, *hit.span())
        if _is_fact(text, cue):
            yield cue


def _without_overlaps(cues: Sequence[Cue]) -> Iterator[Cue]:
    """Drop a cue that lies inside an earlier one of the same kind."""
    ends: dict[str, int] = {}
    for cue in cues:
        if cue.start >= ends.get(cue.kind, 0):
            ends[cue.kind] = cue.end
            yield cue
