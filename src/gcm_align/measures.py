"""Measures without a modal: programmed ("Train consuls") or reported ("has trained consuls").

A reported measure needs an action verb in the main clause and somebody who can undertake
it: the State, one of its instruments, or, where the sentence is dated, a passive. What
people, prices and problems do is a mention.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from gcm_align.lexicons import load_lexicon, pattern
from gcm_align.moods import Mood, head_is, is_subordinate, subject_of, weaken
from gcm_align.types import BlockKind, Force

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

_FINITE = frozenset({"VBD", "VBZ", "VBP"})
_VERBLESS_WORDS = 4  # a shorter phrase is a label
_TERSE_TOKENS = 16
_OPENING = 60  # characters that say what a phrase is about


def find_measures(part: Span, kind: BlockKind) -> list[Mood]:
    """Return what a sentence or cell without a modal programmes or reports as done."""
    if pattern("force", "definition").search(part.text) or _is_aim(part.text):
        return []
    start = content_start(part.text)
    programmed = (
        _programmed(part.text[start:], kind) or _imperative(part) or _labelled(part.text, start)
    )
    if programmed:
        offset = part.start_char + start
        return weaken([Mood(Force.MEASURE, offset, offset + len(programmed), "")], part.text)
    moods = list(_reported(part))
    if not moods and kind is not BlockKind.TABLE_ROW and is_verbless(part):
        moods = [Mood(Force.MEASURE, part.start_char + start, part.start_char + start, "")]
    return weaken(moods, part.text)


# --- what is programmed ------------------------------------------------------------------


def _labelled(text: str, start: int) -> str:
    """Return the first word after a label such as "Output 2.3:", which programmes the rest."""
    label = pattern("force", "label").match(text)
    return text[start:].split()[0] if label and re.search(r"\d", label[0]) else ""


def _imperative(part: Span) -> str:
    """Return the verb of a command that does not come first: "With two States, agree on"."""
    root = part.root
    bare = root.tag_ == "VB" and root.lemma_.lower() in action_verbs()
    if not bare or any(t.dep_ in {"aux", "nsubj", "nsubjpass", "neg"} for t in root.children):
        return ""
    return str(root.text)


def content_start(text: str) -> int:
    """Return where the words begin after a bullet, a number or a label such as "Activity 3.2:"."""
    at = 0
    for _ in range(2):  # a number may stand before a label and after it
        for name in ("label", "numbering"):
            hit = pattern("force", name).match(text, at)
            if hit:
                at = hit.end()
        while at < len(text) and text[at] in " \t•-\u2013\u2014*▪●○·:.)":
            at += 1
    return at if at < len(text) else 0


_IMPERATIVES = re.compile(
    r"(?:(?:to|re-?|jointly|further|fully|gradually|progressively|actively|continue to|continue)"
    r"\s+)?([A-Za-z]+(?:-[a-z]+)?)"
)


def _programmed(text: str, kind: BlockKind) -> str:
    """Return the opening words of a programmed activity, or nothing."""
    hit = _IMPERATIVES.match(text)
    verbs = action_verbs()
    if hit:
        word = hit[1].lower()
        infinitive = text.lower().startswith("to ")
        follow = text[hit.end() : hit.end() + 12]
        if word in verbs and not re.match(r"\s*(?:of|is|are|was|has|have|s\b|,? by the)\b", follow):
            if infinitive and kind is BlockKind.PARAGRAPH:
                return ""
            return hit[0]
        if word.endswith("ing") and _stem_in(word, verbs) and re.match(r"\s+\w", follow):
            return hit[0]
    nominal = pattern("force", "nominal").match(text)
    if nominal and not re.search(r"\b(?:is|are|was|were|has|have|remains?|shows?)\b", text):
        return nominal[0]
    done = pattern("force", "programmed_done").match(text)
    return done[0] if done and kind is not BlockKind.PARAGRAPH else ""


def _stem_in(gerund: str, verbs: frozenset[str]) -> bool:
    stem = gerund.removesuffix("ing")
    return (
        stem in verbs
        or stem + "e" in verbs
        or (len(stem) > 2 and stem[-1] == stem[-2] and stem[:-1] in verbs)
    )


def _is_aim(text: str) -> bool:
    return bool(pattern("force", "aim").match(text.strip()))


# A letterhead, and what befalls people: names of neither are measures.
_BODY_NAME = re.compile(
    r"(?:the )?(?:republic|kingdom|government|ministry|department|office|bureau|commission|council|"
    r"directorate)\b[\w ,&'-]*\.?\s*$",
    re.I,
)
_HAZARD = re.compile(
    r"\b(?:floods?|droughts?|disasters|epidemics?|shocks|hazards|unemployment|insecurity|poverty)\b",
    re.I,
)
_ANSWER = re.compile(
    r"\b(?:plans?|programmes?|programs?|systems?|training|funds?|strateg\w+|support|relief|measures?|"
    r"response|reduction|prevention|management|early warning|assistance|"
    r"services?|\w+(?:ment|tion)s? of)\b",
    re.I,
)


def is_verbless(part: Span) -> bool:
    """Say whether a phrase without a finite verb names a measure and not a problem."""
    text = part.text[content_start(part.text) :]
    if _BODY_NAME.match(text) or (_HAZARD.search(text) and not _ANSWER.search(text)):
        return False
    counts = pattern("force", "figure").search(text) and not re.search(r"[:;/|]", text)
    if counts or pattern("force", "problem").search(text, 0, _OPENING):
        return False
    if any(_is_finite(token) for token in part) and not _is_headline(part):
        return False
    return sum(token.is_alpha for token in part) >= _VERBLESS_WORDS and not _is_aim(text)


def _is_finite(token: Token) -> bool:
    return token.tag_ == "MD" or (
        token.tag_ in _FINITE and token.dep_ in {"ROOT", "aux", "auxpass", "conj", "ccomp"}
    )


def _is_headline(part: Span) -> bool:
    """Say whether the one verb is a participle: "Records shared with the office"."""
    root = part.root
    verbs = [t for t in part if _is_finite(t)]
    return (
        len(part) <= _TERSE_TOKENS
        and root.tag_ == "VBD"
        and verbs == [root]
        and root.lemma_.lower() in action_verbs()
        and not any(t.dep_ == "dobj" for t in root.children)
    )


# --- what is reported as done --------------------------------------------------------------


def _reported(part: Span) -> Iterator[Mood]:
    dated = bool(pattern("force", "dated").search(part.text))
    doubtful = _is_doubtful(part.text)
    standing = pattern("force", "in_force").search(part.text)
    if standing and not doubtful:
        start = part.start_char + standing.start()
        yield Mood(Force.MEASURE, start, part.start_char + standing.end(), "it")
    for verb in part:
        if verb.pos_ not in {"VERB", "AUX"} or not _is_main(verb, part):
            continue
        if any(
            t.dep_ == "neg" or t.lower_ in _NEGATIONS for t in verb.subtree if t.i >= verb.i - 2
        ):
            continue
        before = part.text[: max(0, verb.idx - part.start_char)]
        subject = subject_of(verb, before)
        if _is_measure(verb, subject, dated=dated, doubtful=doubtful):
            yield Mood(Force.MEASURE, verb.idx, verb.idx + len(verb), subject)


_NEGATIONS = frozenset({"no", "never", "nobody", "few", "not", "nor"})


def _is_main(verb: Token, part: Span) -> bool:
    node = verb
    while node.dep_ == "conj" and node.head.i != node.i:
        node = node.head
    return node.i == part.root.i or (
        node.dep_ in {"ROOT", "ccomp", "parataxis"} and not (is_subordinate(node, "", firm=False))
    )


def _is_doubtful(text: str) -> bool:
    return any(
        pattern("force", name).search(text) for name in ("reportive", "problem", "frequency")
    )


def _is_measure(verb: Token, subject: str, *, dated: bool, doubtful: bool) -> bool:
    lemma = verb.lemma_.lower()
    passive = any(t.dep_ in {"auxpass", "nsubjpass"} for t in verb.children)
    if lemma not in action_verbs() or _is_figure(subject):
        return False
    actor = head_is("state_actor", subject)
    if lemma in load_lexicon("force")["lists"]["ambiguous_verbs"]:
        # "Migrants hold ...", "prices reached ...": an act only where the State is dated
        return actor and dated and not doubtful
    if passive:
        return not doubtful
    if verb.tag_ not in _FINITE | {"VBN", "VBG"}:
        return False
    if head_is("person", subject) or head_is("non_state", subject):
        return False
    if actor:
        return dated or not doubtful
    return (dated or head_is("instrument", subject)) and not doubtful


def _is_figure(subject: str) -> bool:
    return bool(pattern("force", "figure").search(subject))


@cache
def action_verbs() -> frozenset[str]:
    """Return the verbs that name what an authority does."""
    return frozenset(load_lexicon("force")["lists"]["imperative"])
