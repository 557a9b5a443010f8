"""A passage to quotable evidence: which words to show, and on which page they stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from gcm_align.lexical import stemmer
from gcm_align.types import (
    Clause,
    CounterProvision,
    Evidence,
    Level,
    Passage,
    Quote,
    Reading,
    RunnerUp,
    Span,
)

Verifier = Callable[[int, str], bool]

_WORD = re.compile(r"\S+")
# "No. 97" and "Art. 5" go on; so does "(e.g. fees)".
_SENTENCE_END = re.compile(
    r"(?i)^(?!\W*(?:nos?|arts?|paras?|secs?|e\.g|i\.e|cf|vs)\.$).*[.;:!?][\"'”\u2019)]*$"
)
CONTEXT_CHARS = 1_200  # enough to read a clause in its place, short enough for a panel
FORCE_MERIT = 2.0  # wanted words that a word of force is worth to a quote
RUNNERS_UP = 3  # other actions named with a passage: the codebook's neighbours to ask about


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceMaker:
    """Makes evidence for one document.

    words: the words that matter for each action (stems of its text and elements), used to
        choose among the parts of a long passage. Length: n_actions.
    verify: says whether a second reader finds a quote on a page.
    quote_words: longest quote, in words.
    """

    words: Sequence[frozenset[str]]
    verify: Verifier
    quote_words: int

    def make(
        self,
        reading: Reading,
        rank: int,
        at: int,
        number: int,
        level: Level,
        elements: Sequence[int],
    ) -> Evidence:
        """Return a passage as evidence for an action, the most telling part quoted."""
        passage, clause = reading.passages[at], reading.clauses[at]
        text = reading.document.text
        # Where it is said what is undertaken: not the cell that names the ministry.
        told = [passage.start + cue.start for cue in clause.cues]
        start, end, page = self._quote_from(text, _spans(passage), self.words[number], told)
        return self._evidence(
            reading, rank, at, number, level, elements, (start, end, page), clause, passage
        )

    def make_counter(
        self, reading: Reading, rank: int, at: int, number: int, provision: CounterProvision
    ) -> Evidence:
        """Return a counter-provision as evidence; its own words are in the quote."""
        passage, clause = reading.passages[at], reading.clauses[at]
        place = self._quote_around(reading, passage, provision.start, provision.end)
        return self._evidence(reading, rank, at, number, Level.GAP, (), place, clause, passage)

    def make_quote(self, reading: Reading, at: int, start: int, end: int) -> Quote:
        """Return the part of a passage around the words from start to end, as a quote."""
        passage = reading.passages[at]
        first, last, page = self._quote_around(reading, passage, start, end)
        quote = reading.document.text[first:last]
        return Quote(
            words=" ".join(passage.text[start:end].split()),
            quote=" ".join(quote.split()),
            page=page,
            page_label=reading.document.page_labels.get(page, ""),
            section=passage.section,
            context=_context(passage),
            start=first,
            end=last,
            boxes=tuple(box for box in passage.boxes if box.page == page),
            verified=self.verify(page, quote),
            confidence=passage.confidence,
        )

    def _quote_around(
        self, reading: Reading, passage: Passage, start: int, end: int
    ) -> tuple[int, int, int]:
        """Return start, end and page of the window that holds the given words of a passage."""
        wanted = passage.start + start
        span = next((s for s in _spans(passage) if s.start <= wanted < s.end), None)
        words = stems(reading.document.text[wanted : passage.start + end])
        spans = (span,) if span else _spans(passage)
        return self._quote_from(reading.document.text, spans, words)

    def _evidence(
        self,
        reading: Reading,
        rank: int,
        at: int,
        number: int,
        level: Level,
        elements: Sequence[int],
        place: tuple[int, int, int],
        clause: Clause,
        passage: Passage,
    ) -> Evidence:
        start, end, page = place
        quote = reading.document.text[start:end]
        match = reading.scores.match(at, number)
        return Evidence(
            rank=rank,
            level=level,
            score=round(match.score, 4),
            parts={name: round(value, 4) for name, value in match.parts.items() if value},
            quote=" ".join(quote.split()),
            page=page,
            page_label=reading.document.page_labels.get(page, ""),
            section=passage.section,
            context=_context(passage),
            start=start,
            end=end,
            force=clause.force,
            force_words=tuple(dict.fromkeys(cue.text for cue in clause.cues)),
            delivery=_delivery(clause),
            elements=tuple(elements),
            boxes=tuple(box for box in passage.boxes if box.page == page),
            verified=self.verify(page, quote),
            runners_up=_runners_up(reading, at, number),
            pages=passage.pages,
            confidence=passage.confidence,
        )

    def _quote_from(
        self, text: str, spans: Sequence[Span], words: frozenset[str], told: Sequence[int] = ()
    ) -> tuple[int, int, int]:
        """
        Return start, end and page of the window that holds most of the wanted words.

        One that holds a word of force, at an offset of ``told``, wins where it has hardly
        fewer of them.
        """
        best: tuple[float, int, int, int] | None = None
        for span in spans:
            for start, end in _windows(text, span, self.quote_words):
                part = text[start:end]
                n_words = len(part.split())
                shared = len(words & stems(part))
                # A longer window wins among equals: a quote cut short misleads.
                merit = shared + min(n_words, self.quote_words) / (2.0 * self.quote_words)
                merit += FORCE_MERIT * any(start <= at < end for at in told)
                if best is None or merit > best[0]:
                    best = (merit, start, end, span.page)
        if best is None:
            first = spans[0]
            return first.start, first.end, first.page
        return best[1], best[2], best[3]


def _context(passage: Passage) -> str:
    """Return a passage with its lead-in, cut to what a panel holds."""
    return " ".join(f"{passage.lead_in} {passage.text}".split())[:CONTEXT_CHARS]


def _runners_up(reading: Reading, at: int, number: int) -> tuple[RunnerUp, ...]:
    """Return the other actions that a passage scores highest for, the nearest first."""
    row = reading.scores.values[at]
    order = np.argsort(-row, kind="stable")[: RUNNERS_UP + 1]
    others = [int(i) for i in order if i != number][:RUNNERS_UP]
    return tuple(
        RunnerUp(action=reading.scores.action_ids[i], score=round(float(row[i]), 4)) for i in others
    )


def stems(text: str) -> frozenset[str]:
    """Return the stems of a text's longer words, for choosing among its parts."""
    return frozenset(stemmer().stemWords(re.findall(r"[a-z]{4,}", text.lower())))


def _spans(passage: Passage) -> tuple[Span, ...]:
    if passage.spans:
        return passage.spans
    return (Span(page=passage.pages[0], start=passage.start, end=passage.end),)


def _windows(text: str, span: Span, most_words: int) -> list[tuple[int, int]]:
    """Return the stretches of a span that are short enough to quote; they start at sentences."""
    words = [
        (span.start + m.start(), span.start + m.end())
        for m in _WORD.finditer(text[span.start : span.end])
    ]
    if not words:
        return []
    if len(words) <= most_words:
        return [(words[0][0], words[-1][1])]
    starts = [0] + [i + 1 for i, (a, b) in enumerate(words[:-1]) if _SENTENCE_END.search(text[a:b])]
    out = []
    for first in starts:
        last = min(first + most_words, len(words)) - 1
        ends = [i for i in range(first, last + 1) if _SENTENCE_END.search(text[slice(*words[i])])]
        # End at a sentence end where one leaves at least half of the window.
        if ends and ends[-1] - first >= most_words // 2:
            last = ends[-1]
        out.append((words[first][0], words[last][1]))
    return out


def _delivery(clause: Clause) -> dict[str, str]:
    out: dict[str, str] = {}
    for cue in clause.delivery:
        out.setdefault(cue.kind, cue.text)
    return dict(sorted(out.items()))
