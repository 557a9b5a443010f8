"""Two drafts of one text: what the new one gained, lost, weakened, strengthened, reworded.

A verdict that needs review on either side, and a fall or rise that an unread page may
explain, is never counted as a gain or a loss: it stands apart as what cannot be told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gcm_align.comparing.changes import Cause, Change, DraftComparison, Kind, Role, Side
from gcm_align.comparing.sources import Source
from gcm_align.comparing.words import (
    Pieces,
    clause_digest,
    closest,
    one_sided,
    shown_texts,
    word_change,
)
from gcm_align.types import Assessment, Contradiction, Evidence, Level

if TYPE_CHECKING:
    from gcm_align.catalogue import Action, Framework


EVIDENCE = (Role.CARRIES, Role.SPEAKS)
# A draft carries an action from partial on, as breadth counts it.
CARRIED = Level.PARTIAL
NEW = {
    Contradiction.CONTRADICTION: Kind.NEW_CONTRADICTION,
    Contradiction.TENSION: Kind.NEW_TENSION,
}
RESOLVED = {
    Contradiction.CONTRADICTION: Kind.RESOLVED_CONTRADICTION,
    Contradiction.TENSION: Kind.RESOLVED_TENSION,
}
WEIGHT = {Contradiction.NONE: 0, Contradiction.TENSION: 1, Contradiction.CONTRADICTION: 2}


def compare_drafts(before: Source, after: Source, framework: Framework) -> DraftComparison:
    """
    Return what changed from one draft to the next, by kind and then in catalogue order.

    Args:
        before: The old draft.
        after: The new draft, assessed with the same catalogue.
        framework: That catalogue.
    """
    drafts = _Drafts(before=before, after=after)
    by_action = {
        action.id: tuple(map(drafts.with_reviews, drafts.changes(action)))
        for action in framework.actions
        # Only a report cut by hand lacks an action; of that nothing is said.
        if action.id in before.assessments and action.id in after.assessments
    }
    changes = [change for found in by_action.values() for change in found]
    order = {kind: place for place, kind in enumerate(Kind)}
    changes.sort(key=lambda change: order[change.kind])  # stable: the catalogue's order stays
    return DraftComparison(
        before=before,
        after=after,
        changes=tuple(changes),
        counts={kind: len({c.action.id for c in changes if c.kind == kind}) for kind in Kind},
        unchanged=sum(1 for found in by_action.values() if not found),
    )


class _Drafts:
    """Two drafts with the clauses that each is known to hold."""

    def __init__(self, *, before: Source, after: Source) -> None:
        self.before, self.after = before, after
        self.held_before, self.held_after = _clauses(before), _clauses(after)
        # A clause of one draft can only be a rewording of one that the other no longer holds.
        self.gone = [e for key, e in self.held_before.items() if key not in self.held_after]
        self.come = [e for key, e in self.held_after.items() if key not in self.held_before]

    def changes(self, action: Action) -> Iterator[Change]:
        """Return the changes of one action: of its flags, of its level, of its words."""
        old, new = self.before.assessments[action.id], self.after.assessments[action.id]
        for kind, cause in self._flag_kinds(old, new):
            yield self._counter_change(kind, action, old, new, cause)
        level_kind, cause = self._level_kind(old, new)
        if level_kind is not None:
            yield self._level_change(level_kind, action, old, new, cause)

    def with_reviews(self, change: Change) -> Change:
        """Return a change with the reviews that decided a level of it."""
        action = change.action.id
        return replace(
            change,
            before=replace(change.before, review=self.before.reviews.get(action)),
            after=replace(change.after, review=self.after.reviews.get(action)),
        )

    def _level_kind(self, old: Assessment, new: Assessment) -> tuple[Kind | None, Cause]:
        if not (old.applicable and new.applicable):
            neither = old.applicable == new.applicable
            return (None, Cause.NONE) if neither else (Kind.UNTOLD, Cause.NOT_APPLICABLE)
        if old.level is None or new.level is None:
            return Kind.UNTOLD, Cause.REVIEW
        if new.level == old.level:
            return (Kind.REWORDED if self._reworded(old) else None), Cause.NONE
        if _same_clauses(old, new):
            return Kind.UNTOLD, Cause.SAME_CLAUSES
        # An unread page may hold the clause that the other draft is credited with.
        weaker_side = self.after if new.level < old.level else self.before
        if not weaker_side.whole:
            return Kind.UNTOLD, Cause.UNREAD
        if new.level < old.level:
            lost = new.level < CARRIED <= old.level
            return (Kind.LOST if lost else Kind.WEAKENED), Cause.NONE
        gained = old.level < CARRIED <= new.level
        return (Kind.GAINED if gained else Kind.STRENGTHENED), Cause.NONE

    def _reworded(self, old: Assessment) -> bool:
        """Say whether the clause that carried an action no longer stands in those words."""
        return bool(old.evidence) and clause_digest(old.evidence[0]) not in self.held_after

    def _flag_kinds(self, old: Assessment, new: Assessment) -> Iterator[tuple[Kind, Cause]]:
        """Return what became of the counter-provisions; a clause that moved is no change."""
        was, now = old.contradiction, new.contradiction
        gone, come = _apart(old, self.held_after), _apart(new, self.held_before)
        if WEIGHT[now] > WEIGHT[was]:
            yield NEW[now], Cause.NONE
        elif WEIGHT[now] < WEIGHT[was]:
            if self.after.whole:
                yield RESOLVED[was], Cause.NONE
            else:
                yield Kind.UNTOLD, Cause.UNREAD
            if now in NEW and come:
                yield NEW[now], Cause.NONE
        elif now in NEW and come:
            yield (Kind.REWORDED if gone else NEW[now]), Cause.NONE

    def _counter_change(
        self, kind: Kind, action: Action, old: Assessment, new: Assessment, cause: Cause
    ) -> Change:
        """Return a change with counter-provisions as quotes, or the words that stand instead."""
        before = _quoted(_apart(old, self.held_after) or old.counter_evidence, Role.COUNTER)
        after = _quoted(_apart(new, self.held_before) or new.counter_evidence, Role.COUNTER)
        if before.clause and not after.clause:
            after = _counterpart(before.clause, self.held_after, self.come)
        elif after.clause and not before.clause:
            before = _counterpart(after.clause, self.held_before, self.gone)
        return _change(kind, action, (old, before), (new, after), cause)

    def _level_change(
        self, kind: Kind, action: Action, old: Assessment, new: Assessment, cause: Cause
    ) -> Change:
        """Return a change with the clause of either draft that best explains it."""
        before, after = _shown(old), _shown(new)
        if before.role in EVIDENCE and after.clause:
            after = _paired(before, after, self.held_after, self.come)
        elif after.role in EVIDENCE and before.clause:
            before = _paired(after, before, self.held_before, self.gone)
        return _change(kind, action, (old, before), (new, after), cause)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Quoted:
    clause: Evidence | None
    role: Role


def _quoted(found: Sequence[Evidence], role: Role) -> _Quoted:
    return _Quoted(clause=found[0], role=role) if found else _Quoted(clause=None, role=Role.NONE)


def _shown(item: Assessment) -> _Quoted:
    """Return the clause that carries an action, else the nearest."""
    if item.evidence:
        return _quoted(item.evidence, Role.SPEAKS if item.level is None else Role.CARRIES)
    return _quoted((item.nearest,) if item.nearest else (), Role.NEAREST)


def _paired(
    anchor: _Quoted, shown: _Quoted, held: Mapping[str, Evidence], others: Sequence[Evidence]
) -> _Quoted:
    """
    Return what stands beside a clause in the other draft.

    Where the other draft carries the action, the clause behind its level is shown. Where it
    does not, the clause itself or a rewording of it says more than the nearest clause.
    """
    if anchor.clause is None or shown.role in EVIDENCE:
        return shown
    found = _counterpart(anchor.clause, held, others)
    return found if found.clause else shown


def _counterpart(
    clause: Evidence, held: Mapping[str, Evidence], others: Sequence[Evidence]
) -> _Quoted:
    """Return the same clause in the other draft, else a rewording of it, else nothing."""
    same = held.get(clause_digest(clause))
    return _quoted((same,) if same else closest(clause, others), Role.WORDING)


def _change(
    kind: Kind,
    action: Action,
    before: tuple[Assessment, _Quoted],
    after: tuple[Assessment, _Quoted],
    cause: Cause,
) -> Change:
    old, new = before[1].clause, after[1].clause
    left, right = one_sided(old.quote if old else ""), one_sided(new.quote if new else "")
    marked, same = False, old is None and new is None
    if old and new:
        same = clause_digest(old) == clause_digest(new)
        found = word_change(*shown_texts(old, new))
        left, right, marked = found.before, found.after, found.same_clause
    return Change(
        kind=kind,
        action=action,
        before=_side(*before, left),
        after=_side(*after, right),
        same_clause=marked,
        same_words=same,
        cause=cause,
    )


def _side(item: Assessment, quoted: _Quoted, pieces: Pieces) -> Side:
    return Side(
        level=item.level if item.applicable else None,
        suggested=item.suggested,
        flag=item.contradiction,
        clause=quoted.clause,
        pieces=pieces,
        role=quoted.role,
        applicable=item.applicable,
    )


def _apart(item: Assessment, held: Mapping[str, Evidence]) -> tuple[Evidence, ...]:
    """Return the counter-provisions that the other draft does not hold."""
    return tuple(e for e in item.counter_evidence if clause_digest(e) not in held)


def _same_clauses(old: Assessment, new: Assessment) -> bool:
    """Say whether the machine gives the very same clauses another level: no change of the text."""
    before, after = ({clause_digest(e) for e in item.evidence} for item in (old, new))
    return bool(before) and before == after and old.status == new.status == "machine"


def _clauses(source: Source) -> dict[str, Evidence]:
    """Return every clause that a report quotes from a document, by its digest."""
    found: dict[str, Evidence] = {}
    for item in source.assessments.values():
        nearest = (item.nearest,) if item.nearest else ()
        for evidence in (*item.evidence, *item.counter_evidence, *nearest):
            found.setdefault(clause_digest(evidence), evidence)
    return found
