"""Rules of ``data/lexicons/counter.json``, compiled: what contradicts which action.

``orders`` are harms that a text may command: custody of passports, detention of children.
``withheld`` are the subjects of the actions: to deny one of them contradicts its action.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from gcm_align.lexicons import alternatives, load_lexicon
from gcm_align.types import Contradiction


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
