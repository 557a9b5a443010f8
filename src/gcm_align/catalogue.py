"""The actions, objectives and principles of a framework: load, look up.

The built-in framework is the Global Compact for Migration (187 actions, 23 objectives).
Any file of ``data/schema/framework.schema.json`` will do instead, down to a bare JSON
list of ids and texts.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicability:
    """Where an action usually weighs, and whether silence on it counts."""

    primary_roles: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    primary_level: str = ""
    expressible: str = "yes"  # in a national document: yes, partly, rarely
    counted: bool = True  # False: it counts only where it is found
    sectors: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One action; ``core_elements`` are what a clause must cover to address it."""

    id: str
    objective: str
    letter: str
    text: str
    verb: str = ""
    paragraph: str = ""
    core_elements: tuple[str, ...] = ()
    extra_elements: tuple[str, ...] = ()
    note: str = ""
    applicability: Applicability | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """A group of actions under one aim."""

    number: str
    title: str
    short_title: str = ""
    label: str = ""
    round_table: int | None = None
    paragraph: str = ""
    commitments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Principle:
    """A guiding principle with words that announce it."""

    key: str
    name: str
    paragraph: str = ""
    gist: str = ""
    cues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Actions that are easily taken for one another, and the deciding rule."""

    key: str
    kind: str
    title: str
    ids: tuple[str, ...]
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundTable:
    """A cluster of objectives under which the review forum meets."""

    number: int
    theme: str
    objectives: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    """A set of actions under objectives, checked on loading."""

    key: str
    name: str
    source: str
    sha256: str
    objectives: tuple[Objective, ...]
    actions: tuple[Action, ...]
    principles: tuple[Principle, ...] = ()
    round_tables: tuple[RoundTable, ...] = ()
    groups: tuple[Group, ...] = ()
    soft_accept_pairs: tuple[tuple[str, str], ...] = ()

    def action(self, action_id: str) -> Action:
        """
        Return one action.

        Raises:
            UsageError: The framework has no such action.
        """
        for action in self.actions:
            if action.id == action_id:
                return action
        from gcm_align.errors import UsageError

        raise UsageError(
            f"{self.name} has no such action",
            value=repr(action_id),
            expected=f"an id from {self.actions[0].id} to {self.actions[-1].id}",
            hint="Look ids up with: gcm-align actions WORDS",
        )

    def objective(self, number: str) -> Objective:
        """Return the objective of this number; every action's objective exists."""
        return next(item for item in self.objectives if item.number == number)

    def actions_of(self, number: str) -> tuple[Action, ...]:
        """Return the actions of an objective, in order."""
        return tuple(action for action in self.actions if action.objective == number)

    def neighbours(self, action_id: str) -> tuple[Group, ...]:
        """Return the groups of easily confused actions that hold this one."""
        return tuple(group for group in self.groups if action_id in group.ids)

    def search(self, words: str) -> tuple[Action, ...]:
        """
        Return the actions that hold every word, as a word's beginning, in any case.

        Searched are the id, the text, the core elements and the objective's title.
        """
        if any(action.id == words.strip() for action in self.actions):
            return (self.action(words.strip()),)
        wanted = [re.compile(rf"\b{re.escape(word)}", re.IGNORECASE) for word in words.split()]
        return tuple(
            action
            for action in self.actions
            if all(pattern.search(self._searched(action)) for pattern in wanted)
        )

    def _searched(self, action: Action) -> str:
        title = self.objective(action.objective).title
        return " ".join([action.id, action.text, *action.core_elements, title])


def load_catalogue(path: Path | str | None = None) -> Framework:
    """
    Load a framework and check it.

    Args:
        path: A framework file; the Global Compact for Migration where left out.

    Raises:
        CatalogueError: The file is broken; the message names the row and the field.
    """
    if path is None:
        return _built_in()
    from gcm_align.framework_file import parse_framework

    return parse_framework(Path(path))


@functools.cache
def _built_in() -> Framework:
    from gcm_align.artifacts import data_path
    from gcm_align.framework_file import parse_framework

    return parse_framework(data_path("gcm.json"))
