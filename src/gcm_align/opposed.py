"""How far all that a passage says speaks together for an order against the Compact.

A cue is a thing anybody can check on the page: who is not to do what, what is ended, who is
punished for what, in which order the classes of words follow one another, which words stand
there. Its weight is the log-odds that it adds; the words of an action weigh for that action.
``scripts/fit_counter.py`` fits both on labelled clauses and writes ``models/counter.json``;
the words and classes that make a cue are lists by hand (``data/lexicons/counter.json``).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from gcm_align.artifacts import models_path, read_fitted
from gcm_align.counter_rules import classes_of, quick_cues
from gcm_align.denials import COMMAND, NEGATIONS
from gcm_align.lexicons import pattern
from gcm_align.segments import Segment

FILE = "counter.json"
WEIGHED = "opposed-"  # before the action, the name of what no single rule finds
TOPIC_STEM = 6
_TOPIC_WORD = re.compile(r"[a-z]{3,}")
_HEAD_WORDS = 4  # words before a punishment that may name the conduct
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """
    What the fit found.

    constant: log-odds of a passage without cues.
    cues: log-odds that a cue adds.
    topics: by word stem, how far it speaks for each action.
    """

    constant: float
    cues: Mapping[str, float]
    topics: Mapping[str, Mapping[str, float]]

    def weigh(self, cues: Iterable[str]) -> float:
        """Return the log-odds that the cues of a passage make up an order against the Compact."""
        return self.constant + sum(self.cues.get(cue, 0.0) for cue in sorted(cues))

    def rank_topics(self, text: str) -> list[tuple[str, float]]:
        """Return actions by how much the words of a text speak of them, best first."""
        scores: Counter[str] = Counter()
        for stem in topic_stems(text):
            scores.update(self.topics.get(stem, {}))
        return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))


@cache
def load_weights() -> Weights:
    """
    Load ``models/counter.json``; ``scripts/fit_counter.py`` makes it.

    Raises:
        ArtifactError: The file is missing or broken.
    """
    return read_fitted(
        models_path(FILE),
        lambda data: Weights(
            constant=float(data["constant"]),
            cues={cue: float(weight) for cue, weight in data["cues"].items()},
            topics=by_stem(data["topics"]),
        ),
        what="The weights that tell orders against the Compact from help",
        expected="a constant, a weight for each cue and the words of each action",
        script="fit_counter.py",
    )


def by_stem(topics: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """Turn the words of each action into the actions of each word."""
    turned: dict[str, dict[str, float]] = defaultdict(dict)
    for action, words in topics.items():
        for stem, weight in words.items():
            turned[stem][action] = float(weight)
    return dict(turned)


def topic_stems(text: str) -> set[str]:
    """Return the stems of a text that may speak for an action."""
    return {word[:TOPIC_STEM] for word in _TOPIC_WORD.findall(text.lower())}


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
    for name in NEGATIONS:
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
