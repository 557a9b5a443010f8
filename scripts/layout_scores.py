"""What a reader found on a page against tests/truth: counts that pages can be summed over.

Letters are compared, never words: letters and figures in Unicode NFKC with the case folded
and nothing between, so that blanks, hyphens and ligatures do not matter.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields
from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import Path

TRUTH = Path(__file__).resolve().parents[1] / "tests" / "truth"
LIVE = frozenset({"paragraph", "list_item", "table_row"})
_NEARLY = 0.85  # of the letters at each end, of a foot that a scan made hard to read
# Labels of merged cells stand beside their rows: before or after is a matter of taste.
UNORDERED = frozenset({"running", "figure", "row_label"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One unit of a page as the eye saw it; see tests/truth/README.md."""

    kind: str
    first: str
    last: str
    words: int
    letters: int
    digest: str
    level: int = 0
    role: str = ""
    box: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What a reader gives for one unit of a page."""

    kind: str
    text: str
    level: int = 0


@dataclass(slots=True, kw_only=True)
class Tally:
    """Counts of one page, or of many."""

    headings: int = 0  # of the truth
    guessed: int = 0  # headings of the reader
    agreed: int = 0  # headings of both
    steps: int = 0  # pairs of neighbouring headings that both have
    steps_right: int = 0  # where the level goes up, down or stays as in the truth
    units: int = 0
    found: int = 0  # both ends found
    whole: int = 0  # all letters stand together
    pairs: int = 0  # neighbours that were both found
    ordered: int = 0  # the first ends before the second begins
    rows: int = 0
    rows_found: int = 0
    running: int = 0  # heads, feet and page numbers
    removed: int = 0
    live: int = 0  # letters of live text
    live_removed: int = 0  # letters of it that were taken for running matter

    def __iadd__(self, other: Tally) -> Tally:
        """Add the counts of another page."""
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))
        return self


def load_truth(path: Path) -> dict[int, list[Unit]]:
    """Return the units of each page that a truth file describes, in order."""
    pages = json.loads(path.read_text(encoding="utf-8"))["pages"]
    return {page["page"]: [Unit(**unit) for unit in page["units"]] for page in pages}


def letters(text: str) -> str:
    """Return the letters and figures of a text, with nothing between."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text)).casefold()


def is_same(unit: Unit, found: str) -> bool:
    """Say whether letters are those of a unit; without a digest, whether both ends are."""
    if unit.digest:
        return _digest(found) == unit.digest
    ends = found.startswith(letters(unit.first)) and found.endswith(letters(unit.last))
    return ends and abs(len(found) - unit.letters) <= 0.02 * unit.letters + 1


def locate(units: list[Unit], stream: str) -> list[tuple[int, int, bool] | None]:
    """
    Find each unit in a page's letters: where it starts, where it ends, whether it is whole.

    Long units choose first, and no two whole ones overlap, so that a heading is not found
    inside a sentence that has its words. A unit whose letters do not stand together lies
    from its first three words to its last three, at the distance nearest to its length.
    """
    places: list[tuple[int, int, bool] | None] = [None] * len(units)
    taken = bytearray(len(stream))
    by_length = sorted(range(len(units)), key=lambda i: -units[i].letters)
    for index in by_length:
        unit = units[index]
        for start in _starts(letters(unit.first), stream):
            end = start + unit.letters
            if not any(taken[start:end]) and is_same(unit, stream[start:end]):
                places[index] = (start, end, True)
                taken[start:end] = b"\1" * unit.letters
                break
    for index in by_length:
        if places[index] is None:
            places[index] = _parted(units[index], stream, taken)
    return places


def _parted(unit: Unit, stream: str, taken: bytearray) -> tuple[int, int, bool] | None:
    head, tail = letters(unit.first), letters(unit.last)
    starts = [s for s in _starts(head, stream) if not any(taken[s : s + len(head)])]
    ends = [s + len(tail) for s in _starts(tail, stream) if not any(taken[s : s + len(tail)])]
    spans = [(s, e) for s in starts for e in ends if s < e and e - s >= len(head)]
    if not spans:
        return None
    start, end = min(spans, key=lambda span: abs(span[1] - span[0] - unit.letters))
    return start, end, False


def _starts(head: str, stream: str) -> Iterator[int]:
    at = stream.find(head)
    while at >= 0:
        yield at
        at = stream.find(head, at + 1)


def _digest(found: str) -> str:
    return hashlib.sha256(found.encode()).hexdigest()[:12]


def score_page(units: list[Unit], pieces: list[Piece], *, plain: bool = False) -> Tally:
    """
    Compare one page.

    Args:
        units: Of the truth, in order.
        pieces: Of the reader, in its order.
        plain: The pieces are lines of text without kinds: a row counts where its letters
            stand together in the text, and nothing is running matter.
    """
    tally = Tally()
    running = [p for p in pieces if p.kind == "running"]
    _score_headings(units, [p for p in pieces if p.kind == "heading"], tally)
    _score_order(units, [p for p in pieces if p.kind != "running"], tally, plain=plain)
    if not plain:
        _score_rows(units, [letters(p.text) for p in pieces if p.kind == "table_row"], tally)
    _score_running(units, running, tally)
    return tally


def _score_headings(units: list[Unit], found: list[Piece], tally: Tally) -> None:
    wanted = [u for u in units if u.kind == "heading"]
    tally.headings, tally.guessed = len(wanted), len(found)
    left = [(letters(p.text), p.level) for p in found]
    levels: list[tuple[int, int]] = []
    for unit in wanted:
        match = next((one for one in left if is_same(unit, one[0])), None)
        if match:
            left.remove(match)
            levels.append((unit.level, match[1]))
    tally.agreed = len(levels)
    for (a, b), (c, d) in pairwise(levels):
        tally.steps += 1
        tally.steps_right += (a > c) - (a < c) == (b > d) - (b < d)


def _score_order(units: list[Unit], pieces: list[Piece], tally: Tally, *, plain: bool) -> None:
    """Find the units that have an order; of plain text, count the rows that are whole."""
    units = [u for u in units if u.kind not in UNORDERED]
    places = locate(units, "".join(letters(p.text) for p in pieces))
    tally.units = len(units)
    tally.found = sum(place is not None for place in places)
    tally.whole = sum(place is not None and place[2] for place in places)
    for a, b in pairwise(places):
        if a and b:
            tally.pairs += 1
            tally.ordered += a[1] <= b[0]
    if plain:
        rows = [place for u, place in zip(units, places, strict=True) if u.kind == "table_row"]
        tally.rows = len(rows)
        tally.rows_found = sum(place is not None and place[2] for place in rows)


def _score_rows(units: list[Unit], found: list[str], tally: Tally) -> None:
    """Count the rows that are one unit of the reader; row labels may stand before."""
    labels = [u for u in units if u.kind == "row_label"]
    left = Counter(form for row in found for form in {row, _without(labels, row)})
    for unit in units:
        if unit.kind == "table_row":
            tally.rows += 1
            match = next((row for row in left if is_same(unit, row)), None)
            if match is not None:
                tally.rows_found += 1
                left -= Counter([match])


def _without(labels: list[Unit], row: str) -> str:
    for label in labels:
        if len(row) > label.letters and is_same(label, row[: label.letters]):
            return _without(labels, row[label.letters :])
    return row


def _is_nearly(unit: Unit, text: str) -> bool:
    """Say whether a text of a scan is a unit but for letters misread: the ends nearly alike."""
    found = letters(text)
    if unit.words == 1 or abs(len(found) - unit.letters) > 0.1 * unit.letters:
        return False
    ends = (letters(unit.first), letters(unit.last))
    parts = (found[: len(ends[0])], found[-len(ends[1]) :])
    return all(
        SequenceMatcher(None, *pair, autojunk=False).ratio() >= _NEARLY
        for pair in zip(ends, parts, strict=True)
    )


def _score_running(units: list[Unit], pieces: list[Piece], tally: Tally) -> None:
    removed = 0
    stream = "".join(letters(p.text) for p in pieces)
    words = {letters(word) for p in pieces for word in p.text.split()}
    for unit in units:
        if unit.kind == "running":
            tally.running += 1
            # "12" must be a word of its own, not a part of "2012".
            one_word = unit.words == 1 and letters(unit.first) in words
            place = locate([unit], stream)[0] if unit.words > 1 else None
            misread = not unit.digest and any(_is_nearly(unit, p.text) for p in pieces)
            if one_word or misread or (place is not None and place[2]):
                tally.removed += 1
                removed += unit.letters
        elif unit.kind in LIVE:
            tally.live += unit.letters
    tally.live_removed = max(0, len(stream) - removed)
