"""Sentences and clauses of a passage, and what is told of persons, blanked.

A clause has an order of its own: "..., and shall report ...". Relative and conditional
clauses ("who do not hold a permit") and reasons ("whereas ...") order nothing, so they are
blanked; offsets stay those of the passage.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

MODAL = re.compile(r"\b(?:shall|must|will|may|can|cannot|should)\b", re.I)
_BOUNDARY = re.compile(r"(?<=[.!?])(?<!\bNo\.)(?<!\bArt\.)\s+|\n{2,}")
# A new clause: "..., and shall report ...", "..., nor will ...", "; but the child ...".
_CONJUNCTION = re.compile(
    r"(?<=;)\s+|,?\s+(?=(?:and|but|while|whereas|nor)\b"
    r"(?: [\w'\u2019-]+){0,7}? (?:shall|must|will|may)\b)"
    r"|,\s+(?=(?:the|an?|such|any|every|each|no|he|she|it|they|this|these)"
    r"(?: [\w'\u2019-]+){0,6}? (?:shall|must|will|may)\b)",
    re.I,
)
_MARKS = frozenset({
    "who", "whom", "whose", "which", "that", "where", "wherever", "when", "whenever", "if",
    "while", "because", "since", "as", "although", "though", "after", "once", "whether",
})  # fmt: skip
_PREAMBLE = re.compile(
    r"\s*(?:whereas|given that|aware|in order that|bearing in mind|convinced|as |since |so that|"
    r"in view of|considering|notwithstanding|in pursuance)",
    re.I,
)


class Segment(NamedTuple):
    """One clause of a sentence; ``plain`` has the same length, with asides blanked."""

    start: int
    text: str
    plain: str


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each sentence starts and ends."""
    last = 0
    for hit in _BOUNDARY.finditer(text):
        yield last, hit.start()
        last = hit.end()
    yield last, len(text)


def cut_segments(text: str, plain: str, start: int, end: int) -> Iterator[Segment]:
    """Cut a sentence into clauses that each have an order of their own."""
    last = start
    for hit in _CONJUNCTION.finditer(plain, start, end):
        if plain[hit.start() - 1] == ";" or MODAL.search(plain, last, hit.start()):
            yield Segment(last, text[last : hit.start()], plain[last : hit.start()])
            last = hit.end()
    yield Segment(last, text[last:end], plain[last:end])


def without_asides(text: str, doc: Doc) -> str:
    """Blank the relative and conditional clauses of a text, keeping every offset."""
    letters = list(text)
    for token in doc:
        if token.dep_ in {"relcl", "advcl"} and _is_marked(token):
            start = doc[token.left_edge.i].idx
            last = doc[token.right_edge.i]
            end = last.idx + len(last)
            if not re.search(r"\bshall\b", text[token.idx : end]):
                letters[start:end] = " " * (end - start)
    return "".join(letters)


def without_preambles(text: str, plain: str) -> str:
    """Blank what stands before the order of a sentence that opens with its reasons."""
    for start, end in sentences(text):
        order = re.search(r"\b(?:shall|will|obliges|undertakes)\b", text[start:end])
        if order and _PREAMBLE.match(text[start:end]):
            comma = text.rfind(",", start, start + order.start())
            if comma > start:
                plain = plain[:start] + " " * (comma - start) + plain[comma:]
    return plain


def _is_marked(verb: Token) -> bool:
    first = verb.doc[verb.left_edge.i : verb.i]
    return any(token.lower_ in _MARKS for token in first)
