"""What a comparison of two drafts is made of: kinds of change, and both sides of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from gcm_align.comparing.sources import Source
from gcm_align.comparing.words import Pieces
from gcm_align.types import Contradiction, Evidence, Level, ReviewMark

if TYPE_CHECKING:
    from gcm_align.catalogue import Action


class Kind(StrEnum):
    """What became of an action, in the order of printing."""

    NEW_CONTRADICTION = "new contradiction"
    NEW_TENSION = "new tension"
    LOST = "lost"
    WEAKENED = "weakened"
    GAINED = "gained"
    STRENGTHENED = "strengthened"
    RESOLVED_CONTRADICTION = "resolved contradiction"
    RESOLVED_TENSION = "resolved tension"
    REWORDED = "reworded"
    UNTOLD = "cannot be told"


class Cause(StrEnum):
    """Why a change cannot be told."""

    NONE = ""
    REVIEW = "needs review"
    UNREAD = "pages unread"
    NOT_APPLICABLE = "not applicable"
    SAME_CLAUSES = "same clauses"  # at another level: only what stands around them differs


class Role(StrEnum):
    """What a quote is to the action that it is shown for."""

    NONE = ""  # there is no quote
    CARRIES = "carries the action"
    SPEAKS = "speaks to the action, undecided"  # the verdict needs review
    NEAREST = "nearest, does not carry it"
    COUNTER = "counter-provision"
    WORDING = "closest wording in this draft"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """An action in one draft: its verdict, and the clause that is shown for it."""

    level: Level | None  # also None where the action does not apply
    suggested: Level
    flag: Contradiction
    clause: Evidence | None
    pieces: Pieces  # the clause's words with those that changed
    role: Role
    applicable: bool = True  # False: a reviewer found that the action does not apply here
    review: ReviewMark | None = None  # who gave the level, where the machine did not


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference between the drafts, about one action."""

    kind: Kind
    action: Action
    before: Side
    after: Side
    same_clause: bool  # both quotes are wordings of one clause
    same_words: bool  # the clause behind the verdict stands in both drafts
    cause: Cause = Cause.NONE

    @property
    def verdict_differs(self) -> bool:
        """Whether the drafts differ in level, as far as decided and else as suggested."""
        return _effective(self.before) != _effective(self.after)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftComparison:
    """All differences of two drafts."""

    before: Source
    after: Source
    changes: tuple[Change, ...]
    counts: Mapping[Kind, int]  # actions, each once in a kind, however many of its clauses changed
    unchanged: int  # actions decided in both, with the same level, flag and clause


def _effective(side: Side) -> Level:
    return side.suggested if side.level is None else side.level
