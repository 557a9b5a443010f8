"""The records of a framework, and how to look things up in it; catalogue.py loads them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from gcm_align.errors import UsageError

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicability:
    """Where an action usually weighs most: expert judgement, never a reason to exclude it."""

    primary_roles: tuple[str, ...]  # origin, transit, destination
    levels: tuple[str, ...]  # national, bilateral, regional, global
    primary_level: str
    expressible: str  # in a national document: yes, partly, rarely; empty where unknown
    counted: bool  # False: for the international community, counts only if found
    sectors: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One of the ways that the framework names to reach an objective."""

    id: str
    objective: str
    letter: str
    text: str
    verb: str
    paragraph: str  # of the source, such as "29(h)"
    core_elements: tuple[str, ...]
    extra_elements: tuple[str, ...]
    note: str
    applicability: Applicability | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """A chapter of the framework."""

    number: str
    title: str
    short_title: str
    label: str  # a few words, for charts
    round_table: int | None
    paragraph: str
    commitments: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Principle:
    """A guiding principle: present or absent with a quote; it lifts no level."""

    key: str
    name: str
    paragraph: str
    gist: str
    cues: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Actions that are easily taken for each other, with the rule that tells them apart."""

    key: str
    kind: str  # near_duplicate, confusable
    title: str
    ids: tuple[str, ...]
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundTable:
    """Objectives that are reviewed together."""

    number: int
    theme: str
    objectives: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    """A catalogue of actions, checked: ids are unique and every reference resolves."""

    key: str
    name: str
    source: str
    sha256: str  # of the file's bytes
    objectives: tuple[Objective, ...]
    actions: tuple[Action, ...]
    principles: tuple[Principle, ...] = ()
    round_tables: tuple[RoundTable, ...] = ()
    groups: tuple[Group, ...] = ()
    soft_accept_pairs: tuple[tuple[str, str], ...] = ()  # for lenient scoring only
    _by_id: Mapping[str, Action] = field(init=False, repr=False, compare=False)
    _by_number: Mapping[str, Objective] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Reports look actions up once for each row of each document.
        object.__setattr__(self, "_by_id", {a.id: a for a in self.actions})
        object.__setattr__(self, "_by_number", {o.number: o for o in self.objectives})

    def action(self, action_id: str) -> Action:
        """
        Return the action with this id.

        Raises:
            UsageError: The framework has no such action.
        """
        try:
            return self._by_id[action_id]
        except KeyError:
            ids = [action.id for action in self.actions]
            raise _unknown("action", action_id, f"an id from {ids[0]} to {ids[-1]}") from None

    def objective(self, number: str | int) -> Objective:
        """
        Return the objective with this number.

        Raises:
            UsageError: The framework has no such objective.
        """
        try:
            return self._by_number[str(number)]
        except KeyError:
            known = ", ".join(self._by_number)
            raise _unknown("objective", number, f"one of {known}") from None

    def actions_of(self, objective: str | int) -> tuple[Action, ...]:
        """Return the actions of one objective, in the framework's order."""
        number = self.objective(objective).number
        return tuple(action for action in self.actions if action.objective == number)

    def search(self, words: str) -> tuple[Action, ...]:
        """
        Return the actions that hold every word, in the framework's order.

        A word is found in the id, the text, the elements or the objective's title, whatever
        its case and accents, also as the beginning of a longer word. An action's whole id
        finds that action alone: "1.1" does not find "1.10".
        """
        wanted = _folded(words).split()
        whole = {w for w in wanted if w in {_folded(action.id) for action in self.actions}}
        return tuple(
            action
            for action in self.actions
            if whole <= {_folded(action.id)}
            and all(f" {word}" in self._searchable(action) for word in wanted)
        )

    def near_duplicates(self, action_id: str) -> frozenset[str]:
        """Return the actions that say nearly the same; a clause may count for either."""
        pairs = [set(pair) for pair in self.soft_accept_pairs if action_id in pair]
        return frozenset[str]().union(*pairs) - {action_id}

    def neighbours(self, action_id: str) -> tuple[Group, ...]:
        """Return the groups of easily confused actions that hold this one."""
        return tuple(group for group in self.groups if action_id in group.ids)

    def _searchable(self, action: Action) -> str:
        """Return what search reads, each word after a space, hyphenated words also in parts."""
        title = self.objective(action.objective).title
        elements = (*action.core_elements, *action.extra_elements)
        text = _folded(" ".join((action.id, action.text, *elements, title)))
        parts = " ".join(_WORD.findall(text))
        return f" {text} {parts}"


def _folded(text: str) -> str:
    """Return a text without case and accents."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in parts if not unicodedata.combining(c))


def _unknown(kind: str, value: object, expected: str) -> UsageError:
    return UsageError(
        f"The framework has no such {kind}",
        value=repr(value),
        expected=expected,
        hint="List the ids with: gcm-align actions",
    )
