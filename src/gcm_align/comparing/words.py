"""Two wordings of one clause: whether they are the same, and which words changed.

Words are compared by their letters and digits, as everywhere in the gate, so that layout,
hyphens, punctuation and capitals never count as a change.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from gcm_align.findings import digest_of, normalised
from gcm_align.types import Evidence

# A clause that moves takes another number and stays the same clause.
ENUMERATOR = re.compile(
    r"^\s*(?:\(\w{1,4}\)|\d{1,3}[.)]|[a-z][.)]|[ivx]{1,4}[.)])\s+", re.IGNORECASE
)
# Share of common words, as difflib counts it, from which two clauses read as one reworded.
LEAST_COMMON = 0.4

Pieces = tuple[tuple[str, bool], ...]  # text with whether it changed; joined by spaces


@dataclass(frozen=True, slots=True, kw_only=True)
class WordChange:
    """Two texts cut into pieces; where they are no wordings of one clause, nothing is marked."""

    before: Pieces
    after: Pieces
    same_clause: bool


def clause_digest(evidence: Evidence) -> str:
    """Return the digest of a whole clause with its lead-in, whatever its number and layout."""
    return digest_of(clause_text(evidence))


def clause_text(evidence: Evidence) -> str:
    """Return a clause with its lead-in and without its own number."""
    quote = " ".join(evidence.quote.split())
    own = ENUMERATOR.sub("", quote)
    if quote in evidence.context:
        return ENUMERATOR.sub("", evidence.context.replace(quote, own, 1))
    # The context of a long passage is cut, and the quote may stand behind the cut.
    return f"{ENUMERATOR.sub('', evidence.context)} {own}".strip()


def word_change(before: str, after: str) -> WordChange:
    """Mark the words that only one of two texts holds."""
    old, new = before.split(), after.split()
    keys = _keys(before), _keys(after)
    # Without the heuristic for long texts: "the" is never junk, and results never jump.
    matcher = SequenceMatcher(None, *keys, autojunk=False)
    if matcher.ratio() < LEAST_COMMON:
        return WordChange(before=_plain(before), after=_plain(after), same_clause=False)
    left: list[tuple[str, bool]] = []
    right: list[tuple[str, bool]] = []
    for _, i1, i2, j1, j2 in matcher.get_opcodes():
        # A word that only layout divides ("certi- ficate") has not changed.
        changed = "".join(keys[0][i1:i2]) != "".join(keys[1][j1:j2])
        _add(left, " ".join(old[i1:i2]), changed=changed)
        _add(right, " ".join(new[j1:j2]), changed=changed)
    return WordChange(before=tuple(left), after=tuple(right), same_clause=True)


def closest(evidence: Evidence, others: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Return the clause among others that reads as a rewording of this one, if there is one."""
    matcher = SequenceMatcher(None, autojunk=False)
    matcher.set_seq2(_keys(clause_text(evidence)))
    best, most = None, LEAST_COMMON
    for other in others:
        matcher.set_seq1(_keys(clause_text(other)))
        # The two upper bounds are cheap; most clauses are ruled out by them.
        if matcher.real_quick_ratio() <= most or matcher.quick_ratio() <= most:
            continue
        if (ratio := matcher.ratio()) > most:
            best, most = other, ratio
    return () if best is None else (best,)


def shown_texts(before: Evidence, after: Evidence) -> tuple[str, str]:
    """Return the two quotes, or the whole clauses where they part behind equal quotes."""
    equal_quotes = normalised(before.quote) == normalised(after.quote)
    if equal_quotes and clause_digest(before) != clause_digest(after):
        return clause_text(before), clause_text(after)
    return before.quote, after.quote


def one_sided(text: str) -> Pieces:
    """Return a text that has no counterpart: all of it is shown, nothing is marked."""
    return _plain(text)


def with_signs(pieces: Pieces, sign: str) -> str:
    """Return pieces as one text in which changed words stand between signs: ``[-old-]``."""
    return " ".join(f"[{sign}{text}{sign}]" if changed else text for text, changed in pieces)


def _keys(text: str) -> list[str]:
    return [normalised(word) for word in text.split()]


def _plain(text: str) -> Pieces:
    joined = " ".join(text.split())
    return ((joined, False),) if joined else ()


def _add(pieces: list[tuple[str, bool]], text: str, *, changed: bool) -> None:
    if not text:
        return
    if pieces and pieces[-1][1] == changed:
        pieces[-1] = (f"{pieces[-1][0]} {text}", changed)
    else:
        pieces.append((text, changed))
