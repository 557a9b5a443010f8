"""Rules of ``data/lexicons/counter.json``, compiled: what contradicts which action.

``orders`` are harms that a text may command: custody of passports, detention of children.
``withheld`` are the subjects of the actions: to deny one of them contradicts its action.
``classes`` say what a word does in an order: it negates, ends, pays, names a migrant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from gcm_align.lexicons import alternatives, load_lexicon
from gcm_align.types import Contradiction

_WORD = re.compile(r"[a-z][a-z'\u2019-]*|[/|;.]", re.IGNORECASE)
_PLAIN_WORD = re.compile(r"[a-z]{2,}|[/|;]")
_STEM = 7  # letters that tell a word from others, its endings aside
_LONGEST_TURN = 4
_REACH = 6  # classes between which an order of two is still noted


class Wording:
    """A pattern that is compiled when it is first looked for: of most runs half never are."""

    def __init__(self, fragments: Sequence[str]) -> None:
        self._fragments = tuple(fragments)
        self._pattern: re.Pattern[str] | None = None

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first place of the words in a text, or None."""
        if self._pattern is None:
            self._pattern = _compile(self._fragments)
        return self._pattern.search(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A harm: its trigger, what else the sentence must speak of, and what excuses it."""

    rule: str
    actions: tuple[str, ...]
    flag: Contradiction
    trigger: re.Pattern[str]
    slots: tuple[Wording, ...]
    unless: Wording | None
    tension: Wording | None
    soft: bool  # a mere power (may) narrows the action and does not yet order the opposite
    denies: bool  # the trigger holds its own negation
    penal: bool  # the trigger stands after the conduct: "whoever ... is liable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What an action is about: words that must all be there."""

    action: str
    slots: tuple[Wording, ...]


@cache
def load_orders() -> tuple[Order, ...]:
    """Return the harms that a text may command."""
    return tuple(
        Order(
            rule=row["id"],
            actions=tuple(row["actions"]),
            flag=Contradiction(row["flag"]),
            trigger=_compile((row["trigger"],)),
            slots=tuple(Wording([slot]) for slot in row["all"]),
            unless=Wording(row["unless"]) if row["unless"] else None,
            tension=Wording(row["tension"]) if row["tension"] else None,
            soft=row["soft"],
            denies=row["deny"],
            penal=row["penalty"],
        )
        for row in load_lexicon("counter")["orders"]
    )


@cache
def load_subjects() -> tuple[Subject, ...]:
    """Return the subject of each action."""
    return tuple(
        Subject(action=action, slots=tuple(Wording([slot]) for slot in row["all"]))
        for row in load_lexicon("counter")["withheld"]
        for action in row["actions"]
    )


@cache
def _compile(fragments: tuple[str, ...]) -> re.Pattern[str]:
    lists = load_lexicon("counter")["lists"]
    return re.compile(rf"(?<!\w){alternatives(list(fragments), lists)}(?!\w)", re.IGNORECASE)


# --- classes of words --------------------------------------------------------------------------


def classes_of(text: str) -> list[str]:
    """Return the classes of the words of a text, in order; most words have none."""
    return [name for word in _WORD.findall(text) if (name := word_class(word))]


@lru_cache(maxsize=50_000)
def word_class(word: str) -> str:
    """Return what a word does in an order: "not", "end", "ill", "migrant"; or nothing."""
    bare = re.sub(r"['\u2019]s$", "", word.lower().rstrip("'\u2019-"))
    return next((name for name, words in _class_patterns() if words.fullmatch(bare)), "")


@cache
def _class_patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    classes = load_lexicon("counter")["classes"]
    return tuple((name, re.compile(words)) for name, words in classes.items())


def quick_cues(text: str) -> set[str]:
    """Return the cues that need no more than a look at each word."""
    return {*turns(text), *stem_pairs(text)}


def turns(text: str) -> Iterator[str]:
    """Yield runs of word classes, and pairs that stand near each other, sentence by sentence."""
    for run in _runs(text):
        for size in range(1, _LONGEST_TURN + 1):
            for i in range(len(run) - size + 1):
                yield " ".join(run[i : i + size])
        for i, first in enumerate(run):
            for second in run[i + 2 : i + _REACH]:
                yield f"{first}>{second}"


def _runs(text: str) -> Iterator[list[str]]:
    run = ["^"]
    for word in [*_WORD.findall(text), "."]:
        if word == ".":
            if len(run) > 1:
                yield [*run, "$"]
            run = ["^"]
        elif (name := word_class(word)) and (name != run[-1] or name == "not"):
            run.append(name)


def stem_pairs(text: str) -> Iterable[str]:
    """Return the stems of a text and each two that follow one another."""
    stems = [word[:_STEM] for word in _PLAIN_WORD.findall(text.lower())]
    return {f"~{s}" for s in stems} | {f"~{a} {b}" for a, b in pairwise(stems)}
