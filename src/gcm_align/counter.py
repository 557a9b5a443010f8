"""Counter-provisions: clauses that order the opposite of an action, or narrow it.

Polarity decides, not vocabulary. A clause is against an action in two ways: it **orders a
harm** ("children shall be held in closed centres"), or it **withholds** what the action is
about ("no legal aid shall be granted to a foreigner"). Each negation, prohibition or harm
turns the sense once: "no child shall be held" and "shall not be refused legal aid" help.
What is told of persons ("who do not hold a permit") turns nothing, so relative and
conditional clauses are masked before the sense is read.

One cue seldom decides: "is closed" ends a service or a detention wing. So all cues of a
passage are weighed together. Enough weight is an order against the actions whose words it
holds; too little weight drops what a single rule has found, short clauses aside.

Source: valence shifters, Polanyi and Zaenen (2006), Contextual Valence Shifters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from gcm_align.counter_rules import Order, load_orders, load_subjects, quick_cues
from gcm_align.denials import COMMAND, find_denial, is_negated
from gcm_align.lexicons import pattern
from gcm_align.opposed import WEIGHED, Weights, load_weights, read_cues
from gcm_align.segments import (
    MODAL,
    Segment,
    cut_segments,
    sentences,
    without_asides,
    without_preambles,
)
from gcm_align.types import Clause, Contradiction, CounterProvision, Force

if TYPE_CHECKING:
    from spacy.tokens import Doc

_ENDS = re.compile(r"\b(?:until|pending|awaiting)\b", re.I)

# Log-odds of an order against the Compact; set where writers left out of the fit showed
# 7 % of false flags on clauses that help and 1 % on ordinary passages.
ENOUGH = 0.3
TOO_LITTLE = {Contradiction.CONTRADICTION: -1.0, Contradiction.TENSION: -1.5}
HOPELESS = -3.2  # weight of the words alone; no order of the fit has less (the least: -3.1)
SHORT = 20  # words: a clause that says one thing is judged by the rule that fits it
LEAST_TOPIC = 6.5  # log-odds: three words or so of the action's own
MOST_ACTIONS = 4
# A harm that is denied ("nor be punished"), and a permission with a condition that guards
# ("no agency may operate without a licence"): cues do not add up to an order against them.
SPARES = frozenset({
    "not>punish", "not modal ill", "not modal punish", "good without", "modal without",
})  # fmt: skip
NEAR_BEST = 0.6  # share of the best action's words that another needs to be named with it


class _Finding(NamedTuple):
    rule: str
    actions: tuple[str, ...]
    flag: Contradiction
    start: int
    end: int


class Reading(NamedTuple):
    """A passage, and what single rules find in it: harms ordered, places where it withholds."""

    text: str
    plain: str  # of the same length, asides and preambles blanked
    clause: Clause
    ordered: list[_Finding]
    denials: list[tuple[str, Segment, int, int]]


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
    return judge(read_passage(text, doc, clause), load_weights())


def read_passage(text: str, doc: Doc, clause: Clause) -> Reading:
    """Try the single rules on a passage; arguments as of find_counter_provisions()."""
    reading = Reading(text, without_preambles(text, without_asides(text, doc)), clause, [], [])
    if _only_tells(text, clause):
        return reading
    turned_by_lead = clause.negated and not clause.cues
    for start, end in sentences(text):
        sentence = text[start:end]
        if not _is_order(sentence, clause):
            continue
        near = [order for order in load_orders() if _is_near(order, sentence)]
        for segment in cut_segments(text, reading.plain, start, end):
            for order in near:
                finding = _match_order(order, sentence, segment, turned_by_lead=turned_by_lead)
                if finding:
                    reading.ordered.append(finding)
            hit = None if turned_by_lead else find_denial(sentence, segment)
            if hit:
                reading.denials.append((sentence, segment, *hit))
    return reading


def judge(reading: Reading, weights: Weights) -> tuple[CounterProvision, ...]:
    """Weigh the cues of a passage; return what stands, in order of place."""
    found = {finding.rule: finding for finding in reversed(_standing(reading, weights))}
    return tuple(
        CounterProvision(
            rule=f.rule,
            actions=f.actions,
            flag=f.flag,
            start=f.start,
            end=f.end,
            words=reading.text[f.start : f.end],
        )
        for f in sorted(found.values(), key=lambda f: (f.start, f.rule))
    )


def _standing(reading: Reading, weights: Weights) -> list[_Finding]:
    """Return what the weights leave of the single rules and add to them, the surest first."""
    text, ordered = reading.text, reading.ordered
    topics = [pair for pair in weights.rank_topics(text)[:MOST_ACTIONS] if pair[1] >= LEAST_TOPIC]
    short = len(text.split()) <= SHORT
    if not topics and not ordered and not short:
        return []
    if not ordered and not short and weights.weigh(quick_cues(text)) < HOPELESS:
        return []
    cues = cues_of(reading)
    weight = weights.weigh(cues)
    opposed = weight > ENOUGH and (bool(ordered) or SPARES.isdisjoint(cues))
    found = [f for f in ordered if short or weight > TOO_LITTLE[f.flag]]
    if short or opposed:
        for denial in reading.denials:
            found += _withheld(*denial)
    if opposed:
        start, end = _weightiest(reading, weights)
        for action, words in topics:
            if words >= NEAR_BEST * topics[0][1]:
                flag = Contradiction.CONTRADICTION
                found.append(_Finding(f"{WEIGHED}{action}", (action,), flag, start, end))
    return found


def cues_of(reading: Reading) -> set[str]:
    """Return all that speaks for or against an order against the Compact in a passage."""
    cues = read_cues(reading.text, reading.plain)
    cues.update(f"rule {found.rule} {found.flag.value}" for found in reading.ordered)
    cues.add(f"force {reading.clause.force.value}")
    if reading.denials:
        cues.add("withheld")
    if reading.clause.negated:
        cues.add("negated")
    return cues


def _weightiest(reading: Reading, weights: Weights) -> tuple[int, int]:
    """Return the place of the sentence that speaks most for an order."""
    text, plain = reading.text, reading.plain
    places = [slice(*at) for at in sentences(text) if text[slice(*at)].strip()]
    best = max(places, key=lambda at: weights.weigh(read_cues(text[at], plain[at])))
    return best.start, best.stop


def _only_tells(text: str, clause: Clause) -> bool:
    if clause.force is not Force.MENTION or (clause.state_acts and COMMAND.search(text)):
        return False
    return not pattern("counter", "present_denial").search(text)


def _is_order(sentence: str, clause: Clause) -> bool:
    """Say whether a sentence orders something rather than reports or recites it."""
    strong = bool(pattern("counter", "strong").search(sentence))
    if not strong and pattern("counter", "reported").search(sentence):
        return False
    if strong or pattern("counter", "normative").search(sentence):
        return True
    return clause.force is not Force.MENTION


# --- harms that are ordered ------------------------------------------------------------------


def _is_near(order: Order, sentence: str) -> bool:
    """Say whether a sentence speaks of all that an order is about: the cheap test goes first."""
    return all(slot.search(sentence) for slot in order.slots)


def _match_order(
    order: Order, sentence: str, segment: Segment, *, turned_by_lead: bool
) -> _Finding | None:
    hits = list(order.trigger.finditer(segment.text))
    if not hits or (order.unless and order.unless.search(sentence)):
        return None
    if order.penal and not order.denies and pattern("counter", "reforms").search(sentence):
        return None
    tense = bool(order.tension and order.tension.search(sentence))
    for hit in hits:
        turned = _is_turned(segment, hit, order) != turned_by_lead
        if turned and not (tense and is_negated(segment.plain[: hit.end()])):
            continue
        mild = turned or (order.soft and _is_mere_power(sentence))
        flag = Contradiction.TENSION if mild else order.flag
        start = segment.start + hit.start()
        return _Finding(order.rule, order.actions, flag, start, segment.start + hit.end())
    return None


def _is_mere_power(sentence: str) -> bool:
    return bool(re.search(r"\bmay\b(?! not)", sentence, re.I)) and not re.search(
        r"\b(?:shall|must|will|indefinite\w*|unlimited|without (?:time )?limit)\b", sentence, re.I
    )


def _is_turned(segment: Segment, hit: re.Match[str], order: Order) -> bool:
    """Say whether a harm is negated, forbidden or fought, so that the clause helps."""
    before = segment.plain[: hit.start()]
    if not order.denies and re.search(r"\b(?:not|never)\b", hit[0]):
        return True
    if not segment.plain[hit.start() : hit.end()].strip() and not order.penal:
        return True  # told of somebody, not ordered
    if _is_spared(before) if order.denies else is_negated(before):
        return True
    if order.penal and not order.denies and pattern("counter", "offender").search(before):
        return True  # not the migrant is punished
    if order.denies and _grants(before, hit[0]):
        return True
    fights = list(pattern("counter", "prevents").finditer(before))
    # "To prevent fraud, entrants shall be held": an order between the two cuts the link.
    ordered = fights and MODAL.search(before[fights[-1].end() :] + hit[0].split()[0])
    if fights and not order.penal and not ordered:
        return True
    # "held until they are removed": what ends a harm does not prevent it.
    ends = _ENDS.search(segment.plain, hit.start())
    last = ends.start() if ends else len(segment.plain)
    return not order.penal and bool(
        pattern("counter", "prevented").search(segment.plain[:last], hit.end())
    )


def _grants(before: str, denial: str) -> bool:
    """Say whether a denial is denied in turn: "no person shall be refused a passport"."""
    if not is_negated(denial):
        return is_negated(before)
    harm = pattern("counter", "ill_act")
    return len(MODAL.split(denial)) > 1 and bool(harm.search(MODAL.split(denial)[-1]))


def _is_spared(before: str) -> bool:
    """Say whether somebody acts without the burden: "without the consent of a husband"."""
    return bool(re.search(r"\bwithout [\w' ]*$", before, re.I)) and not is_negated(before)


# --- what is withheld ------------------------------------------------------------------------


def _withheld(sentence: str, segment: Segment, start: int, end: int) -> Iterator[_Finding]:
    for subject in load_subjects():
        if all(slot.search(sentence) for slot in subject.slots) and any(
            slot.search(segment.text) for slot in subject.slots
        ):
            yield _Finding(
                f"withheld-{subject.action}",
                (subject.action,),
                Contradiction.CONTRADICTION,
                segment.start + start,
                segment.start + end,
            )
