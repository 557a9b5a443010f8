"""Counter-provisions: clauses that order the opposite of an action, or narrow it.

Polarity decides, not vocabulary. A clause is against an action in two ways: it **orders a
harm** ("children shall be held in closed centres"), or it **withholds** what the action is
about ("no legal aid shall be granted to a foreigner"). Each negation, prohibition or harm
turns the sense once: "no child shall be held" and "shall not be refused legal aid" help.
What is told of persons ("who do not hold a permit") turns nothing, so relative and
conditional clauses are masked before the sense is read.

Source: valence shifters, Polanyi and Zaenen (2006), Contextual Valence Shifters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from spacy.tokens import Doc, Token

from gcm_align.counter_rules import Order, load_orders, load_subjects
from gcm_align.lexicons import pattern
from gcm_align.types import Clause, Contradiction, CounterProvision, Force

_BOUNDARY = re.compile(r"(?<=[.;!?])(?<!\bNo\.)(?<!\bArt\.)\s+|\n{2,}")
_MODAL = re.compile(r"\b(?:shall|must|will|may|can|cannot|should)\b", re.I)
# A new clause: "..., and shall report ...", "..., nor will ...", "; but the child ...".
_CONJUNCTION = re.compile(
    r"(?<=;)\s+|,?\s+(?=(?:and|but|while|whereas|nor)\b(?: [\w'’-]+){0,7}? (?:shall|must|will|may)\b)"
    r"|,\s+(?=(?:[\w'’-]+ ){1,7}?(?:shall|must|will|may)\b)",
    re.I,
)
_MARKS = frozenset(
    "who whom whose which that where wherever when whenever if while because since as although "
    "though after before until once whether".split()
)
_COMMAND = re.compile(r"\b(?:shall|must|will|may|hereby)\b", re.I)
_NEGATIONS = ("negative_subject", "negated_verb", "negative_object")
_DENIALS = ("denied_state", "exclusive", "condition")
_SUBJECT_WORDS = 4
_HEAD_WORDS = 5  # words after a verb that may name what is denied


class _Finding(NamedTuple):
    rule: str
    actions: tuple[str, ...]
    flag: Contradiction
    start: int
    end: int


class _Segment(NamedTuple):
    """One clause of a sentence; ``plain`` has the same length, with asides blanked."""

    start: int
    text: str
    plain: str


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
    if clause.force is Force.MENTION and not (clause.state_acts and _COMMAND.search(text)):
        if not re.search(r"\bneed not\b|for the purposes? of", text, re.I):
            return ()
    plain = _without_asides(text, doc)
    found: dict[str, _Finding] = {}
    for start, end in _sentences(text):
        if not _is_order(text[start:end], clause):
            continue
        for finding in _read_sentence(text, plain, start, end, clause):
            found.setdefault(finding.rule, finding)
    return tuple(
        CounterProvision(
            rule=f.rule,
            actions=f.actions,
            flag=f.flag,
            start=f.start,
            end=f.end,
            words=text[f.start : f.end],
        )
        for f in sorted(found.values(), key=lambda f: (f.start, f.rule))
    )


def _read_sentence(
    text: str, plain: str, start: int, end: int, clause: Clause
) -> Iterator[_Finding]:
    sentence = text[start:end]
    turned_by_lead = clause.negated and not clause.cues
    for segment in _segments(text, plain, start, end):
        for order in load_orders():
            finding = _match_order(order, sentence, segment, turned_by_lead=turned_by_lead)
            if finding:
                yield finding
        hit = _find_denial(sentence, segment)
        if hit and not turned_by_lead:
            yield from _withheld(sentence, segment, *hit)


# --- sentences and clauses -----------------------------------------------------------------


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    last = 0
    for hit in _BOUNDARY.finditer(text):
        yield last, hit.start()
        last = hit.end()
    yield last, len(text)


def _segments(text: str, plain: str, start: int, end: int) -> Iterator[_Segment]:
    """Cut a sentence into clauses that each have an order of their own."""
    last = start
    for hit in _CONJUNCTION.finditer(plain, start, end):
        if _MODAL.search(plain, last, hit.start()):
            yield _Segment(last, text[last : hit.start()], plain[last : hit.start()])
            last = hit.end()
    yield _Segment(last, text[last:end], plain[last:end])


def _without_asides(text: str, doc: Doc) -> str:
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


def _is_marked(verb: Token) -> bool:
    first = verb.doc[verb.left_edge.i : verb.i]
    return any(token.lower_ in _MARKS for token in first)


def _is_order(sentence: str, clause: Clause) -> bool:
    """Say whether a sentence orders something rather than reports or recites it."""
    strong = bool(pattern("counter", "strong").search(sentence))
    if not strong and pattern("counter", "reported").search(sentence):
        return False
    if strong or pattern("counter", "normative").search(sentence):
        return True
    return clause.force is not Force.MENTION


# --- harms that are ordered ------------------------------------------------------------------


def _match_order(
    order: Order, sentence: str, segment: _Segment, *, turned_by_lead: bool
) -> _Finding | None:
    hits = list(order.trigger.finditer(segment.text))
    if not hits or not all(slot.search(sentence) for slot in order.slots):
        return None
    if order.unless and order.unless.search(sentence):
        return None
    tense = bool(order.tension and order.tension.search(sentence))
    for hit in hits:
        turned = _is_turned(segment, hit, order) != turned_by_lead
        if turned and not (tense and _is_negated(segment.plain[: hit.start()])):
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


def _is_turned(segment: _Segment, hit: re.Match[str], order: Order) -> bool:
    """Say whether a harm is negated, forbidden or fought, so that the clause helps."""
    before = segment.plain[: hit.start()]
    if not segment.plain[hit.start() : hit.end()].strip() and not order.penal:
        return True  # told of somebody, not ordered
    if not order.denies and _is_negated(before):
        return True
    if order.penal and pattern("counter", "reforms").search(segment.text):
        return True
    fights = list(pattern("counter", "prevents").finditer(before))
    if fights and not order.penal and not _MODAL.search(before[fights[-1].end() :]):
        return True
    return not order.penal and bool(
        pattern("counter", "prevented").search(segment.plain, hit.end())
    )


def _is_negated(before: str) -> bool:
    return bool(
        re.search(r"\b(?:not|never|no|nor|neither|none|nobody|cannot)\b(?! only| later)", before, re.I)
    )


# --- what is withheld ------------------------------------------------------------------------


def _withheld(sentence: str, segment: _Segment, start: int, end: int) -> Iterator[_Finding]:
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


def _find_denial(sentence: str, segment: _Segment) -> tuple[int, int] | None:
    """Return the words that withhold something good, or None; offsets in the segment."""
    plain = segment.plain
    commands = bool(_COMMAND.search(sentence))
    for name in _NEGATIONS:
        for hit in pattern("counter", name).finditer(plain):
            # "Migrants do not know ..., so the Ministry shall ...": a fact, not an order.
            described = commands and not _MODAL.search(hit[0])
            if not described and not _negates_harm(plain, hit):
                return hit.span()
    for name in _DENIALS:
        for hit in pattern("counter", name).finditer(plain):
            if not _denies_harm(segment, hit):
                return hit.span()
    return None


def _negates_harm(plain: str, hit: re.Match[str]) -> bool:
    """Say whether what is negated is itself a harm: "no fee", "shall not be detained"."""
    rest = plain[hit.end() :]
    if re.match(r"\s*(?:only|later|less|more|exceed)\b", rest) or _is_negated(plain[: hit.start()]):
        return True
    if not pattern("counter", "condition").search(rest) and pattern("counter", "bare").search(rest):
        return True  # "No agency shall operate without a licence"
    ill = pattern("counter", "ill")
    denied = " ".join(hit[0].split()[:_SUBJECT_WORDS])
    return bool(pattern("counter", "ill_thing").search(denied) or ill.search(_head(rest)))


def _denies_harm(segment: _Segment, hit: re.Match[str]) -> bool:
    """Say whether a denial is itself negated or undone, or bears on a harm."""
    before, rest = segment.plain[: hit.start()], segment.plain[hit.end() :]
    if _is_negated(before + hit[0]):
        return True
    if pattern("counter", "repeals").search(hit[0]) and (
        pattern("counter", "ill").search(segment.text.replace(hit[0], " "))
        or pattern("counter", "undone").search(before + " " + rest)
        or _is_negated(segment.text)
    ):
        return True  # "Any rule that bars women is repealed"; "the ban is lifted"
    forbids = re.search(r"prohibit|forb|ban|unlawful|void", hit[0], re.I)
    harm = pattern("counter", "ill" if forbids else "ill_thing")
    return bool(pattern("counter", "ill_thing").search(before) or harm.search(_head(rest)))


def _head(rest: str) -> str:
    """Return the first words after a verb: what it is about."""
    return " ".join(rest.split()[:_HEAD_WORDS])
