"""How levels are drawn: a sign and a name for each state, stacked bars, marked quotes.

Never colour alone: every state has a sign that stands in its cell, and every bar its words.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gcm_align.coverage import NEEDS_REVIEW, NOT_APPLICABLE
from gcm_align.figures import Share, Tally, is_counted
from gcm_align.translating import gettext as _
from gcm_align.types import Assessment, Level

if TYPE_CHECKING:
    from gcm_align.catalogue import Action

NOT_COUNTED = "not counted"
# Beside "0" to "4": the states a pair can be in. What an analyst found not applicable is kept
# apart from what the framework does not count: one is a judgement, the other a rule.
REVIEW_KEY, NOT_COUNTED_KEY, NOT_APPLICABLE_KEY = "nr", "na", "nap"


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How a pair is shown: a class, a sign that stands in its cell, a name."""

    key: str
    sign: str
    name: str


STATES = (
    *(State(key=str(int(level)), sign=str(int(level)), name=level.label) for level in Level),
    State(key=REVIEW_KEY, sign="●", name=NEEDS_REVIEW),
    State(key=NOT_COUNTED_KEY, sign="–", name=NOT_COUNTED),  # noqa: RUF001
    State(key=NOT_APPLICABLE_KEY, sign="⊘", name=NOT_APPLICABLE),
)
STATE_BY_KEY = {state.key: state for state in STATES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One part of a stacked bar; ``x`` and ``width`` in percent of the bar."""

    state: State
    count: int
    x: float
    width: float


def state_of(item: Assessment, action: Action) -> State:
    """Return how a pair is shown."""
    if not item.applicable:
        return STATE_BY_KEY[NOT_APPLICABLE_KEY]
    if item.level is None:
        return STATE_BY_KEY[REVIEW_KEY]
    return STATE_BY_KEY[str(int(item.level)) if is_counted(item, action) else NOT_COUNTED_KEY]


def bar(counts: Tally) -> tuple[Segment, ...]:
    """Return a stacked bar, the strongest level first, so that breadth is one length."""
    by_state = [
        *((str(level), counts.levels[level]) for level in reversed(range(len(Level)))),
        (REVIEW_KEY, counts.needs_review),
        (NOT_COUNTED_KEY, counts.not_counted - counts.not_applicable),
        (NOT_APPLICABLE_KEY, counts.not_applicable),
    ]
    total = sum(count for _, count in by_state) or 1
    segments: list[Segment] = []
    before = 0
    for key, count in by_state:
        if count:
            x, width = round(100 * before / total, 3), round(100 * count / total, 3)
            segments.append(Segment(state=STATE_BY_KEY[key], count=count, x=x, width=width))
        before += count
    return tuple(segments)


def bar_words(counts: Tally) -> str:
    """Return a bar in words, for those who do not see it."""
    return ", ".join(f"{part.count} {_(part.state.name)}" for part in bar(counts))


def whole_percent(share: float) -> int:
    """Return a share as a whole percentage, halves up, as people round."""
    return math.floor(100 * share + 0.5)


def is_range(share: Share) -> bool:
    """Say whether the two ends print as different numbers."""
    return whole_percent(share.lower) != whole_percent(share.upper)


def marked(quote: str, words: Sequence[str]) -> list[tuple[str, bool]]:
    """Cut a quote into pieces, each with whether it is one of the words that decide the force."""
    wanted = [re.escape(word) for word in sorted(words, key=len, reverse=True) if word.strip()]
    if not wanted:
        return [(quote, False)]
    pattern = re.compile(rf"(?<!\w)({'|'.join(wanted)})(?!\w)", re.IGNORECASE)
    pieces = pattern.split(quote)
    return [(text, bool(index % 2)) for index, text in enumerate(pieces) if text]
