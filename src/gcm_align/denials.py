"""Denials: the words of a clause that withhold something good from somebody.

"Shall not be granted" withholds; "shall not be refused" grants; "no fee shall be charged"
spares. What is denied decides: a harm that is denied is a help. ``opposed`` reads, beside the
denials, endings, losses, bans and punishments, and weighs them together.
"""

from __future__ import annotations

import re

from gcm_align.lexicons import pattern
from gcm_align.segments import Segment

COMMAND = re.compile(r"\b(?:shall|must|will|may|hereby)\b", re.I)
_ORDERS = re.compile(r"\b(?:shall|must|will|may|need)\b", re.I)
NEGATIONS = ("negative_subject", "negated_verb", "negative_object")
_DENIALS = ("denied_state", "exclusive", "condition")
_WORSE = re.compile(r"\b(?:less|lower|shorter|longer|worse|inferior|higher|depend|depends)\b", re.I)
_COMPLEMENT = re.compile(r"\b(?:until|before|where|when|by|with|in|at|of|because|for|from)\b", re.I)
_FORBIDDEN = re.compile(r"\b(?:an offence|unlawful|prohibited|forbidden)\b", re.I)
# "has not been ratified", "have not been used": told, not ordered; "Decree No 12": a number.
_TOLD = re.compile(r"\b(?:ha[sd]|have|was|were|did)(?: \w+)? (?:not|never|no)\b", re.I)
_NUMBER = re.compile(r"\bNos?\b\.?\s?\d")
# "Agencies must not sub-contract": who is bound is not the migrant; "need not pay" frees.
_BUSINESS = re.compile(
    r"\b(?:agenc(?:y|ies)|recruiters?|employers?|intermediar(?:y|ies)|brokers?|carriers?)\s*$", re.I
)
_FOREIGN_LAW = re.compile(r"^\W*[A-Z]\w+(?:'s|\u2019s) (?!Government|Ministry)")
_FOR_OTHERS = re.compile(
    r"\s*(?:for|to) (?:an?|any|the|every|all)? ?(?:\w+ )?(?:employ|agen|recruit|intermediar|broker|"
    r"sponsor|carrier|landlord|compan|person|anyone|official|officer|provider)",
    re.I,
)
_SUBJECT_WORDS = 4
_NOUN_WORDS = 2  # words after "no" that name it
_HEAD_WORDS = 4  # words after a verb that may name what is denied


def find_denial(sentence: str, segment: Segment) -> tuple[int, int] | None:
    """Return the words that withhold something good, or None; offsets in the segment."""
    plain = segment.plain
    commands = bool(COMMAND.search(sentence))
    for name in NEGATIONS:
        for hit in pattern("counter", name).finditer(plain):
            # "Migrants do not know ..., so the Ministry shall ...": a fact, not an order.
            first = 0 if hit[0].lower().startswith(("ha", "in ", "under ")) else hit.start()
            described = commands and not _ORDERS.search(plain, first, hit.end())
            if not described and not _is_told(plain, hit) and not _negates_harm(plain, hit):
                return hit.span()
    for name in _DENIALS:
        for hit in pattern("counter", name).finditer(plain):
            if not _denies_harm(segment, hit):
                return hit.span()
    return None


def _is_told(plain: str, hit: re.Match[str]) -> bool:
    """Say whether the words report a fact, another country's law, or bind a business."""
    if _TOLD.search(hit[0]) and not _ORDERS.search(hit[0]):
        return True
    if _NUMBER.match(plain, hit.start()) or _FOREIGN_LAW.match(plain):
        return True
    modal = _ORDERS.search(plain, hit.start(), hit.end())
    before = plain[: modal.start() if modal else hit.start()]
    return bool(_BUSINESS.search(before) and not re.match(r"\s*(?:be|need)\b", plain[hit.end() :]))


def _negates_harm(plain: str, hit: re.Match[str]) -> bool:
    """Say whether what is negated is itself a harm: "no fee", "shall not be detained"."""
    rest = plain[hit.end() :]
    if re.match(r"\s*(?:only|later|less|more|exceed)\b", rest) or is_negated(plain[: hit.start()]):
        return True
    if not pattern("counter", "burden").search(rest) and pattern("counter", "bare").search(rest):
        return True  # "No agency shall operate without a licence"
    ill = pattern("counter", "ill")
    denied = " ".join(hit[0].split()[:_SUBJECT_WORDS])
    has_noun = hit[0].lower().endswith((" no", " neither", " none"))
    head = " ".join(rest.split()[:_NOUN_WORDS]) if has_noun else _head(rest)
    worse = _WORSE.search(" ".join(rest.split()[: _HEAD_WORDS * 2]))
    return bool(worse or pattern("counter", "ill_thing").search(denied) or ill.search(head))


def _denies_harm(segment: Segment, hit: re.Match[str]) -> bool:
    """Say whether a denial is itself negated or undone, or bears on a harm."""
    before, rest = segment.plain[: hit.start()], segment.plain[hit.end() :]
    if is_negated(before + hit[0]) or _FORBIDDEN.search(before):
        return True
    if pattern("counter", "repeals").search(hit[0]) and (
        pattern("counter", "ill").search(segment.text.replace(hit[0], " "))
        or pattern("counter", "undone").search(before + " " + rest)
        or is_negated(segment.text)
    ):
        return True  # "Any rule that bars women is repealed"; "the ban is lifted"
    forbids = re.search(r"prohibit|forb|ban|unlawful|void|cease|stop|end|abolish", hit[0], re.I)
    if forbids and _FOR_OTHERS.match(rest):
        return True  # "prohibited for an employer to keep a passport"
    harm = pattern("counter", "ill" if forbids else "ill_thing")
    subject = " ".join(before.split()[:_SUBJECT_WORDS]) if forbids else before
    officers = forbids and re.match(r"\s*(?:the )?(?:police|officers?|inspectors?)\b", rest)
    return bool(officers or harm.search(subject) or harm.search(_head(rest)))


def _head(rest: str) -> str:
    """Return the first words after a verb: what it is about."""
    return " ".join(_COMPLEMENT.split(rest)[0].split()[:_HEAD_WORDS])


def is_negated(before: str) -> bool:
    """Say whether the words before a verb turn its sense."""
    return bool(
        re.search(
            r"\b(?:not|never|no|nor|neither|none|nobody|cannot)\b(?! only| later)", before, re.I
        )
    )
