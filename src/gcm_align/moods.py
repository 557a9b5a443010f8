"""Finite predicates of one sentence and what each undertakes, by modal, verb and subject.

Sense, not keyword: the same *may* is a right of a worker, a power of an officer, a guess
about costs, or a month. The parse gives the verb and its subject; where the small parser
is unsure (it reads "shall retain" as a noun now and then) the words before the modal stand
in for the subject.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from gcm_align.lexicons import pattern
from gcm_align.types import Force

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

_SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "csubjpass"})
_SUBORDINATE = frozenset({"relcl", "acl", "advcl"})


class Mood(NamedTuple):
    """What one predicate undertakes; offsets are characters of the passage."""

    force: Force
    start: int
    end: int
    subject: str
    negated: bool = False


def find_moods(sentence: Span) -> list[Mood]:
    """Return the main predicates of a sentence that carry a force; mentions are left out."""
    text = sentence.text
    if pattern("force", "definition").search(text) and not _AND_SHALL.search(text):
        return []
    out = [*_modals(sentence), *_phrases(sentence)]
    return weaken(out, text)


_AND_SHALL = re.compile(r", and [^,]*\bshall\b")


def weaken(moods: list[Mood], text: str) -> list[Mood]:
    """Turn firm moods into weak ones where resources or circumstances must permit."""
    if pattern("force", "weak_qualifiers").search(text):
        return [_weakened(mood) for mood in moods]
    return moods


def _weakened(mood: Mood) -> Mood:
    firm = mood.force in (Force.DUTY, Force.UNDERTAKING, Force.MEASURE)
    # "shall not, where possible" is still an order not to.
    return mood._replace(force=Force.WEAK) if firm and not mood.negated else mood


# --- modals -----------------------------------------------------------------------------


def _modals(sentence: Span) -> Iterator[Mood]:
    text, offset = sentence.text, sentence.start_char
    for hit in pattern("force", "modal").finditer(text):
        word = hit[0].lower()
        token = token_at(sentence, hit.start())
        if token is None or (word == "may" and _is_month(text, hit)):
            continue
        verb = predicate_of(token)
        before = text[: hit.start()]
        if is_subordinate(verb, before, firm=word == "shall"):
            continue
        after = re.sub(r"^\s*,[^,]{0,60},", "", text[hit.end() :]).lstrip()
        negated = bool(re.match(r"not\b|never\b|only\b|no\b", after)) or "not" in word
        negated = negated or negative_subject(before)
        subject = subject_of(verb, before)
        force = _sense(word.split()[0], after, subject, negated=negated, before=before)
        if force is not Force.MENTION:
            start, end = offset + hit.start(), offset + hit.end()
            yield Mood(force, start, end, subject, negated)


def _sense(word: str, after: str, subject: str, *, negated: bool, before: str) -> Force:
    """Tell the sense of one modal from the verb after it and the subject before it."""
    bare = re.sub(r"^(?:not|never|also|only|then|therefore|further|\w+ly)\s+", "", after)
    bare = re.sub(r"^(?:not|never|also|only|then|therefore|further|\w+ly)\s+", "", bare)
    if pattern("force", "weak_verbs").match(bare):
        return Force.WEAK
    if word == "shall":
        return Force.DUTY
    if word in {"should", "ought"}:
        note = pattern("force", "seen").match(bare)
        conditional = not before.strip() or before.rstrip().endswith(",")
        return Force.MENTION if note or (word == "should" and conditional) else Force.WEAK
    if word == "must":
        return Force.MENTION if _is_burden(bare, subject, before, after) else Force.DUTY
    if word in {"cannot", "can"}:
        return Force.MENTION if pattern("force", "unable").match(bare) else Force.DUTY
    if pattern("force", "epistemic").match(bare):
        return Force.MENTION
    if word == "will":
        guess = head_is("epistemic_subject", subject) and not _is_passive(bare)
        return Force.MENTION if guess else Force.UNDERTAKING
    return _sense_of_may(bare, subject, negated=negated)


def _sense_of_may(bare: str, subject: str, *, negated: bool) -> Force:
    if negated:
        return Force.DUTY
    if _is_passive(bare) and not pattern("force", "joined").match(bare):
        return Force.POWER
    if head_is("bound", subject) or head_is("authority", subject):
        return Force.POWER
    return Force.RIGHT if head_is("person", subject) else Force.POWER


def _is_passive(bare: str) -> bool:
    return bool(
        re.match(
            r"be (?:\w+ly |also |further )*\w+(?:ed|en|wn|lt|nt|ld|de|pt|ght|id|ut|un)\b", bare
        )
    )


def _is_burden(bare: str, subject: str, before: str, after: str) -> bool:
    """``must`` tells of a hardship: "workers must often sell land to pay the broker"."""
    if pattern("force", "seen").match(bare) or bare.startswith("have "):
        return True
    if re.match(r"(?:often|usually|frequently|sometimes|typically|still|first)\b", after):
        return bool(head_is("person", subject))
    return head_is("person", subject) and bool(pattern("force", "burden").match(bare))


def _is_month(text: str, hit: re.Match[str]) -> bool:
    if hit[0] != "May":
        return False
    near = text[max(0, hit.start() - 12) : hit.start()]
    follow = text[hit.end() : hit.end() + 8]
    return bool(
        re.search(
            r"\d\s*$|\b(?:in|by|since|from|between|of|until|before|after|and|to|last|next)\s*$",
            near,
            re.I,
        )
        or re.match(r"\s*(?:\d|and|to|-|\u2013)", follow)
    )


# --- phrases that need no modal ----------------------------------------------------------

_PHRASES = (
    ("duty", Force.DUTY),
    ("performative", Force.DUTY),
    ("right", Force.RIGHT),
    ("power_words", Force.POWER),
    ("undertaking", Force.UNDERTAKING),
    ("weak_alone", Force.WEAK),
)


_AIM_NOUN = re.compile(
    r"(?:the |our |its )?(?:\w+ )?(?:mission|purpose|aim|goal|objective|vision)s?\b", re.I
)


def _phrases(sentence: Span) -> Iterator[Mood]:
    text, offset = sentence.text, sentence.start_char
    for name, force in _PHRASES:
        for hit in pattern("force", name).finditer(text):
            token = token_at(sentence, hit.start())
            if token is None:
                continue
            before = text[: hit.start()]
            verb = predicate_of(token)
            if is_subordinate(verb, before, firm=False) or _describes(text, before):
                continue
            subject = subject_of(verb, before)
            if name == "undertaking" and _AIM_NOUN.match(text):
                continue
            sense = _sense_of_phrase(name, force, subject, hit[0])
            if sense is None:
                continue
            negated = bool(pattern("force", "negated").search(hit[0])) or negative_subject(before)
            start, end = offset + hit.start(), offset + hit.end()
            yield Mood(sense, start, end, subject, negated)


def _sense_of_phrase(name: str, force: Force, subject: str, words: str) -> Force | None:
    if name == "power_words" and head_is("person", subject) and not head_is("authority", subject):
        return Force.RIGHT
    if name == "right" and re.search(r"permitted|allowed|authori[sz]ed", words):
        return Force.POWER if head_is("authority", subject) or head_is("bound", subject) else force
    if name == "undertaking" and pattern("force", "aim").match(subject):
        return None
    if name in {"performative", "undertaking"} and words.split()[0] in {
        "guarantees",
        "ensures",
        "grants",
    }:
        return force if head_is("state_actor", subject) else None
    return force


def _describes(text: str, before: str) -> bool:
    """A present tense with "often", "many" or "a survey found" reports; it orders nothing."""
    return bool(
        pattern("force", "frequency").search(before)
        or pattern("force", "reportive").search(text)
        or pattern("force", "aim").match(before.strip())
    )


# --- the parse ---------------------------------------------------------------------------


def token_at(sentence: Span, start: int) -> Token | None:
    """Return the token at a character of the sentence, or None."""
    span = sentence.doc.char_span(
        sentence.start_char + start, sentence.start_char + start + 1, alignment_mode="expand"
    )
    return span[0] if span is not None and len(span) else None


def predicate_of(token: Token) -> Token:
    """Return the verb that an auxiliary or adverb belongs to."""
    return token.head if token.dep_ in {"aux", "auxpass", "neg", "advmod"} else token


def subject_of(verb: Token, before: str) -> str:
    """Return the words of a verb's subject, of the verb it is coordinated with, or before."""
    node = verb
    for _ in range(6):
        for child in node.children:
            if child.dep_ in _SUBJECTS and child.pos_ != "ADV":
                words = child.doc[child.left_edge.i : child.right_edge.i + 1].text
                return str(words)
        if node.dep_ not in {"conj", "xcomp"}:
            break
        node = node.head
    return re.split(r"[,;:]", before)[-1].strip()


def head_is(name: str, subject: str) -> bool:
    """Say whether the head noun of a subject, before any "of" or "who", is in a list."""
    head = re.split(
        r"\b(?:of|who|which|that|in|under|with|for|from|on|at|holding|without|whose|by|to|against|or)\b",
        subject,
        maxsplit=1,
    )[0].strip(" ,")
    hits = list(pattern("force", name).finditer(head))
    return bool(hits) and hits[-1].end() >= len(head.rstrip(" ,)'\u2019\"")) - 1


def negative_subject(before: str) -> bool:
    """Say whether the subject is negative: "no person", "under no circumstances"."""
    return bool(
        re.search(
            r"(?:^|[,;:.]\s*|\band |\bthat )(?:no|none|nobody|neither|nothing|under no)\b[^,;:]*$",
            before,
            re.I,
        )
    )


def is_subordinate(verb: Token, before: str, *, firm: bool) -> bool:
    """
    Say whether a predicate stands in a relative, conditional or recital clause.

    Parser and words must agree, since either alone errs on long legal sentences; a
    *shall* is an order wherever it stands, except below a recital.
    """
    node, below = verb, False
    while node.head.i != node.i:
        if node.dep_ in _SUBORDINATE:
            below = True
        if node.dep_ in {"ccomp", "advcl", "pcomp", "acl"} and pattern(
            "force", "recital"
        ).fullmatch(node.head.text):
            return True
        node = node.head
    if firm or not below:
        return False
    marks = list(pattern("force", "clause_mark").finditer(before))
    return bool(marks) and not re.search(r",\s*\S", before[marks[-1].end() :])
