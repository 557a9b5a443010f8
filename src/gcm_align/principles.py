"""Guiding principles of a framework in a document: present or absent, with the words.

They stand in a matrix of their own and lift no level. A principle is present where live
text in scope names it in one of the ways of ``data/lexicons/principles.json``; for a
framework of one's own, in one of the cues that the framework gives.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Protocol

from gcm_align.abstaining import too_little_read, unread_language
from gcm_align.catalogue import Framework, Principle
from gcm_align.lexicons import load_lexicon, pattern
from gcm_align.settings import Settings
from gcm_align.types import PrincipleFinding, Quote, Reading

LEXICON = "principles"
SHOWN = 3  # quotes for each principle: enough to judge, few enough for one cell
ABSENT = "No live text in scope names it in words that the machine knows."


class QuoteSource(Protocol):
    """Turns words of a passage into a quote."""

    def make_quote(self, reading: Reading, at: int, start: int, end: int) -> Quote:
        """Return the part of a passage around the words from start to end."""
        ...


def find_principle(
    principle: Principle, texts: Sequence[str], scope: Sequence[bool]
) -> tuple[tuple[int, int, int], ...]:
    """
    Find where passages name a principle.

    Args:
        principle: Of the framework.
        texts: The passages. Length: n_passages.
        scope: Whether each is about the framework's subject. Length: n_passages.

    Returns:
        Number of the passage, start and end of the words in it: the first place of each
        passage. Passages that name the principle more fully come first, then in the
        document's order.
    """
    words = _pattern(principle)
    places = []
    for number, (text, about) in enumerate(zip(texts, scope, strict=True)):
        if not about:
            continue
        found = list(words.finditer(text))
        if found:
            variety = len({match.group().lower() for match in found})
            places.append((-variety, number, found[0].start(), found[0].end()))
    return tuple(place[1:] for place in sorted(places))


def assess_principles(
    framework: Framework,
    reading: Reading,
    maker: QuoteSource,
    settings: Settings,
) -> tuple[PrincipleFinding, ...]:
    """
    Say of every principle whether a document names it, with quotes.

    Args:
        framework: Its principles are looked for, in its order.
        reading: The document's passages; where their scope cannot be told, all are in it.
        maker: Turns words of a passage into a quote.
        settings: What share of the pages must be read before silence is claimed.
    """
    texts = [passage.text for passage in reading.passages]
    about = (True,) * len(texts) if reading.scope is None else reading.scope
    foreign = unread_language(reading.document)
    silent = foreign or too_little_read(reading.document, settings)
    findings = []
    for principle in framework.principles:
        places = () if foreign else find_principle(principle, texts, about)
        n = len(places)
        findings.append(
            PrincipleFinding(
                document_id=reading.document.id,
                principle=principle.key,
                present=True if places else (None if silent else False),
                reason=f"Named in {n} passage{'s' * (n != 1)}." if n else silent or ABSENT,
                passages=n,
                evidence=tuple(maker.make_quote(reading, *place) for place in places[:SHOWN]),
            )
        )
    return tuple(findings)


@cache
def _pattern(principle: Principle) -> re.Pattern[str]:
    if principle.key in load_lexicon(LEXICON)["lists"]:
        return pattern(LEXICON, principle.key)
    cues = "|".join(re.escape(cue) for cue in principle.cues)
    # A principle without cues is named by its own name alone.
    return re.compile(rf"(?<!\w)(?:{cues or re.escape(principle.name)})(?!\w)", re.IGNORECASE)
