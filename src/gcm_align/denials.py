"""Denials: the words of a clause that withhold something good from somebody.

"Shall not be granted" withholds; "shall not be refused" grants; "no fee shall be charged"
spares. What is denied decides: a harm that is denied is a help. ``read_cues`` notes, beside
the denials, every ending, loss, ban and punishment of a passage with what or whom it strikes;
what they amount to together is weighed in ``counter``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from gcm_align.counter_rules import classes_of, quick_cues
from gcm_align.lexicons import pattern

MODAL = re.compile(r"\b(?:shall|must|will|may|can|cannot|should)\b", re.I)
COMMAND = re.compile(r"\b(?:shall|must|will|may|hereby)\b", re.I)
_ORDERS = re.compile(r"\b(?:shall|must|will|may|need)\b", re.I)
_NEGATIONS = ("negative_subject", "negated_verb", "negative_object")
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
_PIECE = re.compile(r"(?<=[.;:?!])\s+|\s+[/|]\s+|\s+[\u2013\u2014-]\s+|\n+")
_CUT = re.compile(
    r",? (?:and|but|or|while|whereas|nor) (?=[^,;]{0,60}?\b(?:shall|must|will|may|is|are)\b)"
    r"|, (?=(?:the|its|their|all|any|an?|which|no) [^,;]{0,50}?\b(?:shall|must|will|may|is|are)\b)",
    re.I,
)
_NO = re.compile(
    r"(?:^|[,;:] |\b(?:and|or|but) )(?:no|nobody|no one|none of|neither|nothing in)\b", re.I
)
_VERB = re.compile(r"\b(?:shall|must|will|may|can|is|are)\b(?: be)?", re.I)
_NEGATION = re.compile(
    r"\b(?:not|never|no|nor|neither|none|nobody|cannot|nothing|without|unless)\b", re.I
)
_FRAMES = ("citizens_only", "silence", "no_reason", "unequal", "payment", "nil", "hand_over")
_WHOLE = (
    "negative_subject", "negated_verb", "negative_object", "denied_state", "exclusive",
    "condition", "prevents", "prevented", "normative", "burden", "strong", "reported", "history",
)  # fmt: skip
_AGENTS = ("business", "migrant", "child", "woman", "official", "police", "citizen", "guardian")
_STRUCK = ("ill", "good", "pay", "punish", "migrant", "official", "business", "end")
_DONE = ("ill", "end", "good", "help", "pay", "punish", "migrant", "official", "reason")
_HARMS = frozenset({"ill", "end", "punish"})


class Segment(NamedTuple):
    """One clause of a sentence; ``plain`` has the same length, with asides blanked."""

    start: int
    text: str
    plain: str


def find_denial(sentence: str, segment: Segment) -> tuple[int, int] | None:
    """Return the words that withhold something good, or None; offsets in the segment."""
    plain = segment.plain
    commands = bool(COMMAND.search(sentence))
    for name in _NEGATIONS:
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


# --- cues --------------------------------------------------------------------------------------


def read_cues(text: str, plain: str) -> set[str]:
    """
    Note what a passage ends, denies, bans and punishes, and what or whom that strikes.

    Args:
        text: The passage.
        plain: The same, with asides blanked.

    Returns:
        Names such as ``abolished:good`` and ``not:business:ill``, the runs of word classes and
        the word stems.
    """
    cues = {name for name in _WHOLE if pattern("counter", name).search(plain)}
    cues |= quick_cues(text)
    before, start = "", 0
    for gap in [*_PIECE.finditer(text), None]:
        end = gap.start() if gap else len(text)
        piece = text[start:end]
        cues.update(_frames(plain[start:end]))
        cues.update(_punished(piece, before))
        cues.update(_row(piece, before))
        last = start
        for cut in [*(m.end() + start for m in _CUT.finditer(piece)), end]:
            if text[last:cut].strip():
                segment = Segment(last, text[last:cut], plain[last:cut])
                cues.update(_struck(segment, before))
                cues.update(_negated(segment))
                cues.update(_read_heads(segment))
            last = cut
        before, start = piece, gap.end() if gap else end
    return cues


def _first(kinds: list[str], wanted: tuple[str, ...]) -> str:
    return next((kind for kind in kinds if kind in wanted), "-")


def _agent(text: str) -> str:
    who = _first(classes_of(" ".join(text.split()[:10])), _AGENTS)
    return "migrant" if who in {"child", "woman"} else who


def _frames(piece: str) -> Iterator[str]:
    """Yield the frames of harm and of help: citizens alone, silence, a fee, equal terms."""
    for name in _FRAMES:
        for hit in pattern("counter", name).finditer(piece):
            # "without reply, is deemed refused": only the verb's own negation turns it.
            near = 15 if name == "silence" else 60
            negated = _NEGATION.search(piece, max(0, hit.start() - near), hit.start())
            yield f"no {name}" if negated else name


def _row(piece: str, before: str) -> Iterator[str]:
    """Yield what a verbless cell ends: "Telephone line for returnees / closed in May"."""
    hit = pattern("counter", "row_ended").search(piece)
    if hit:
        told = piece[: hit.start()]
        yield f"row:{_sort(told if len(told.split()) > 1 else before)}"


def _sort(thing: str) -> str:
    """Say what stands first in the name of a thing: a burden or a benefit."""
    bad = pattern("counter", "bad_head").search(thing)
    good = pattern("counter", "good_head").search(thing, 0, bad.start() + 1 if bad else len(thing))
    return "good" if good and (not bad or good.start() < bad.start()) else "bad" if bad else "none"


def _punished(piece: str, before: str) -> Iterator[str]:
    """Yield who is punished, and whether what they did harms or helps."""
    for hit in pattern("counter", "punishing").finditer(piece):
        conduct = piece[: hit.start()]
        if len(conduct.split()) <= _HEAD_WORDS:
            conduct = f"{before} {conduct}"
        kinds = classes_of(conduct)
        harms = "ill" if not _HARMS.isdisjoint(kinds) else "good"
        spared = "un" if _NEGATION.search(conduct[-25:] + hit[0]) else ""
        police = ":police" if "police" in kinds else ""
        yield f"{spared}punished:{_agent(conduct)}:{harms}"
        yield f"{spared}punished:{harms}{police}{':not' if 'not' in kinds else ''}"


def _struck(segment: Segment, before: str) -> Iterator[str]:
    """Yield what is ended, who loses, and what is banned, and whether that is itself denied."""
    no = _NO.search(segment.plain)
    for name in ("abolished", "loses", "banned"):
        for hit in pattern("counter", name).finditer(segment.plain):
            head = segment.text[: hit.start()]
            denied = pattern("counter", "not_done").search(
                segment.plain, max(0, hit.start() - 25), hit.end()
            ) or (no and no.start() < hit.start())
            if not classes_of(head):
                head = segment.text[hit.end() :] if head.strip() else before
            kinds = classes_of(head)
            turned = "not " if denied else ""
            harm = ":harm" if not _HARMS.isdisjoint(kinds) else ""
            who = _agent(head) if name == "loses" else _first(kinds, _STRUCK)
            yield f"{turned}{name}:{who}"
            yield f"{turned}{name}:{who}{harm}:"
            if name == "banned":
                yield f"{turned}banned by:{_agent(head)}"


def _negated(segment: Segment) -> Iterator[str]:
    """Yield what is not to be done, by whom: "no:migrant:good", "not:business:ill"."""
    no = _NO.search(segment.plain) or pattern("counter", "none_of").search(segment.plain)
    verb = pattern("counter", "not_done").search(segment.plain)
    if no and not (verb and verb.start() < no.start()):
        rest = segment.text[no.end() :]
        subject = _first(classes_of(" ".join(rest.split()[:3])), _STRUCK)
        modal = _VERB.search(rest)
        act = _act(rest[modal.end() :]) if modal else "?"
        yield from (f"no:{subject}", f"no:{subject}:{act}", f"no::{act}")
    elif verb:
        head, rest = segment.text[: verb.start()], segment.text[verb.end() :]
        act, agent = _act(rest), _agent(head)
        order = "order" if COMMAND.search(head[-12:]) else "fact"
        subject = _first(classes_of(head), _STRUCK)
        yield from (f"not:{order}:{act}", f"not:{agent}:{act}", f"not:{order}:{agent}")
        yield f"not of:{subject}:{act}"


def _act(rest: str) -> str:
    return _first(classes_of(" ".join(rest.split()[:8])), _DONE)


def _read_heads(segment: Segment) -> Iterator[str]:
    """Yield endings by what is ended, and negations by what would have been done."""
    plain = segment.plain
    for hit in pattern("counter", "ending").finditer(plain):
        head = plain[: hit.start()]
        thing = head if len(head.split()) > 1 else plain[hit.end() :]
        kept = _NEGATION.search(head[-40:] + hit[0])
        yield f"{'kept' if kept else 'ended'} {_sort(thing)}"
    for name in _NEGATIONS:
        for hit in pattern("counter", name).finditer(plain):
            act = " ".join(plain[hit.end() :].split()[:6])
            ill = pattern("counter", "ill_conduct").search(act)
            good = pattern("counter", "good_conduct").search(act)
            sense = (
                "ill"
                if ill and not (good and good.start() < ill.start())
                else "good"
                if good
                else "-"
            )
            agent = _agent(plain[: hit.start()] if name == "negated_verb" else hit[0])
            yield f"refuses {sense} {agent}"
