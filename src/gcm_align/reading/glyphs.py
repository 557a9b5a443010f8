"""Repair of text whose font says nothing about what its glyphs mean."""

from __future__ import annotations

import re
from typing import Any

_CID = re.compile(r"\(cid:(\d+)\)")
# The commonest short words of the languages seen; a right shift makes them appear.
_COMMON_LIST = (
    "the of and to in for is be on by with that de la le les et des en un une du que el los"
    " y las por para con se da do dos e em a"
)
_COMMON = frozenset(_COMMON_LIST.split())
_WORST_SHARE = 0.05  # below it a few odd bullets are dropped without a word
_SHIFTS = range(1, 64)  # subset fonts keep ASCII order; 29 and 31 are the usual distances
_LEAST_HITS = 0.15  # of words: English prose has about 0.35


def repair_glyphs(chars: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], str]:
    """
    Replace ``(cid:n)`` by characters where one shift of code points gives words.

    Returns:
        The characters, and a warning (empty where there was little to repair).
    """
    broken = [c for c in chars if _CID.fullmatch(c["text"])]
    if not broken or len(broken) < _WORST_SHARE * len(chars):
        return [c for c in chars if not _CID.fullmatch(c["text"])] if broken else chars, ""
    codes = [int(c["text"][5:-1]) for c in broken]
    shift = max(_SHIFTS, key=lambda s: (_hits(codes, s), -s))
    if _hits(codes, shift) < _LEAST_HITS:
        kept = [c for c in chars if not _CID.fullmatch(c["text"])]
        return kept, f"{len(broken)} of {len(chars)} characters have no known meaning"
    for char, code in zip(broken, codes, strict=True):
        char["text"] = _shifted(code, shift)
    return chars, f"{len(broken)} characters were decoded by a shift of {shift}; check quotes"


def unmapped_share(chars: list[dict[str, Any]], drawn: int) -> float:
    """
    Return the share of a page's characters that say nothing, in [0, 1].

    Args:
        chars: After the repair, which leaves out characters without a meaning.
        drawn: How many there were before it.
    """
    private = sum("\ue000" <= c["text"][:1] <= "\uf8ff" or c["text"] == "\ufffd" for c in chars)
    return (drawn - len(chars) + private) / drawn if drawn else 0.0


def _shifted(code: int, shift: int) -> str:
    value = code + shift
    return chr(value) if 32 <= value < 127 else " "


def _hits(codes: list[int], shift: int) -> float:
    words = "".join(_shifted(code, shift) for code in codes).lower().split()
    return sum(word in _COMMON for word in words) / len(words) if words else 0.0
