"""Counter-provisions: clauses that order the opposite of an action, or narrow it.

A rule is a frame, not a sentence: slots that must all be filled in one sentence (who, what)
and a trigger whose polarity decides. "Children shall be held in closed centres" fills the
same slots as "No child shall be held in a closed centre"; only the first has an order
without a negation over its trigger. What is reported ("employers often keep passports")
or fought ("will combat the confiscation of passports") orders nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Doc

from gcm_align.lexicons import alternatives, load_lexicon, pattern
from gcm_align.types import Clause, Contradiction, Force

_SENTENCE = re.compile(r"(?<=[.;!?])(?<!\bNo\.)(?<!\bArt\.)\s+|\n{2,}")
_MODAL = re.compile(r"\b(?:shall|must|will|may|can|cannot)\b", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterProvision:
    """Words that contradict actions; offsets are half-open characters of the passage."""

    rule: str
    actions: tuple[str, ...]
    flag: Contradiction
    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class _Frame:
    """One rule: slots to fill, and a trigger whose polarity decides."""

    rule: str
    actions: tuple[str, ...]
    flag: Contradiction
    kind: str  # order, deny, penalty, condition
    trigger: re.Pattern[str]
    slots: tuple[re.Pattern[str], ...]
    unless: re.Pattern[str] | None
    tension: re.Pattern[str] | None
    soft: bool  # a mere power (may) narrows the action and does not yet order the opposite


def find_counter_provisions(text: str, doc: Doc, clause: Clause) -> tuple[CounterProvision, ...]:
    """
    Find what a passage orders against the actions of the Compact.

    Args:
        text: The passage.
        doc: Its parse, from the same text.
        clause: Its force; under a negative lead-in ("shall not:") an item is turned round.

    Returns:
        At most one finding for each rule, in order of place; empty for most passages.
    """
    del doc  # the frames read words; the parse stays in the contract for the force of items
    found: dict[str, CounterProvision] = {}
    if clause.force is Force.MENTION and clause.state_acts is False:
        return ()
    for start, end in _sentences(text):
        sentence = text[start:end]
        if not _is_order(sentence, clause):
            continue
        for frame in _frames():
            hit = _match(frame, sentence, clause)
            if hit is None:
                continue
            first, last, flag = hit
            found.setdefault(
                frame.rule,
                CounterProvision(
                    rule=frame.rule,
                    actions=frame.actions,
                    flag=flag,
                    start=start + first,
                    end=start + last,
                    words=sentence[first:last],
                ),
            )
    return tuple(sorted(found.values(), key=lambda p: (p.start, p.rule)))


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    last = 0
    for hit in _SENTENCE.finditer(text):
        yield last, hit.start()
        last = hit.end()
    yield last, len(text)


def _is_order(sentence: str, clause: Clause) -> bool:
    """Say whether a sentence orders something rather than reports or recites it."""
    strong = bool(pattern("counter", "strong").search(sentence))
    if not strong and pattern("counter", "reported").search(sentence):
        return False
    if strong or pattern("counter", "normative").search(sentence):
        return True
    return clause.force is not Force.MENTION


def _match(
    frame: _Frame, sentence: str, clause: Clause
) -> tuple[int, int, Contradiction] | None:
    """Return start, end and flag where a frame holds in a sentence, or None."""
    if not all(slot.search(sentence) for slot in frame.slots):
        return None
    if frame.unless and frame.unless.search(sentence):
        return None
    for hit in frame.trigger.finditer(sentence):
        turned = _is_turned(sentence, *hit.span(), kind=frame.kind)
        if clause.negated and not clause.cues:
            turned = not turned
        tense = bool(frame.tension and frame.tension.search(sentence))
        if turned:
            if tense and frame.tension and not _is_support(sentence, hit.start(), frame.kind):
                return *hit.span(), Contradiction.TENSION
            continue
        if frame.soft and (tense or _is_mere_power(sentence)):
            if tense and "child" not in frame.rule:
                continue
            return *hit.span(), Contradiction.TENSION
        return *hit.span(), frame.flag
    return None


def _is_mere_power(sentence: str) -> bool:
    return bool(re.search(r"\bmay\b(?! not)", sentence, re.I)) and not re.search(
        r"\b(?:shall|must|will|indefinite\w*|unlimited|without (?:time )?limit)\b", sentence, re.I
    )


def _is_turned(sentence: str, start: int, end: int, *, kind: str) -> bool:
    """Say whether the trigger is negated, forbidden or fought, so that it helps migrants."""
    window = _before(sentence, start)
    if kind != "deny" and _is_negated(window):
        return True
    if kind == "deny" and _is_negated(window):
        return True
    if _is_support(sentence, start, kind):
        return True
    if kind in {"penalty", "deny"}:
        return False
    after = re.split(r"[;:]", sentence[end:])[0][:110]
    return bool(pattern("counter", "support_after").search(after))


def _before(sentence: str, start: int) -> str:
    """Return the words of the trigger's own clause that stand before it."""
    head = sentence[:start]
    cut = max(head.rfind(";"), head.rfind(":"))
    for comma in re.finditer(",", head):
        if comma.start() > cut and _MODAL.search(head[comma.end() :] + sentence[start : start + 12]):
            cut = comma.start()
    return head[cut + 1 :]


def _is_negated(window: str) -> bool:
    for hit in pattern("counter", "negation").finditer(window):
        # "persons who do not hold a visa shall be detained": the negation describes.
        relative = re.search(r"\b(?:who|whose|which|if|where|when|whom)(?: [\w-]+){0,5} $", window[: hit.start()])
        if relative and _MODAL.search(window[hit.end() :]):
            continue
        return True
    return False


def _is_support(sentence: str, start: int, kind: str) -> bool:
    name = "support_strict" if kind in {"deny", "penalty", "condition"} else "support"
    window = _before(sentence, start)
    hits = list(pattern("counter", name).finditer(window))
    # "To combat fraud the police shall seize": an order between the two cuts the link.
    return bool(hits) and not _MODAL.search(window[hits[-1].end() :])


@cache
def _frames() -> tuple[_Frame, ...]:
    content = load_lexicon("counter")
    lists = content["lists"]

    def compiled(fragments: list[str]) -> re.Pattern[str] | None:
        if not fragments:
            return None
        return re.compile(rf"(?<!\w){alternatives(fragments, lists)}(?!\w)", re.IGNORECASE)

    out = []
    for row in content["frames"]:
        trigger = compiled([row["trigger"]])
        assert trigger is not None
        slots = [compiled([slot]) for slot in row["all"]]
        out.append(
            _Frame(
                row["id"],
                tuple(row["actions"]),
                Contradiction(row["flag"]),
                row["kind"],
                trigger,
                tuple(slot for slot in slots if slot),
                compiled(row["unless"]),
                compiled(row["tension"]),
                row["soft"],
            )
        )
    return tuple(out)
