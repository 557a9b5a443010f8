"""One action's passages to one level: what each carries, and several together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gcm_align.catalogue import Action
from gcm_align.types import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One passage for one action, with the level that it would carry alone."""

    passage: int
    score: float
    level: Level
    elements: frozenset[int]


class Column(NamedTuple):
    """
    One action's part of the rules over all passages.

    likely: most likely level of the document by all its scores.
    alone: level that each passage carries alone. Shape: (n_passages,).
    allowed: level that the wording of each allows. Shape: (n_passages,).
    firm: whether it is firm and in scope. Shape: (n_passages,).
    told: whether it tells how it is delivered. Shape: (n_passages,).
    needed: core elements that make the action complete.
    """

    likely: Level
    alone: npt.NDArray[np.int64]
    allowed: npt.NDArray[np.int64]
    firm: npt.NDArray[np.bool_]
    told: npt.NDArray[np.bool_]
    needed: int


class Pooled(NamedTuple):
    """
    What the passages of a document make of an action together.

    level: of the document. elements: found in what is undertaken. combined: several firm
    passages cover what none covers alone. most: level that the force of the passages allows,
    whatever the elements.
    """

    level: Level
    elements: frozenset[int]
    combined: bool
    most: Level


def pool(column: Column, candidates: Sequence[Candidate]) -> Pooled:
    """
    Return what the candidates make of an action together.

    What is likely by all scores counts, as far as the wording of the candidates allows it;
    several firm ones together may cover the elements that none covers alone.
    """
    if not candidates:
        return Pooled(Level.GAP, frozenset(), combined=False, most=Level.ADDRESSED)
    undertaking = [c for c in candidates if column.allowed[c.passage] >= Level.PARTIAL]
    found = frozenset[int]().union(*(c.elements for c in undertaking))
    firm = [c for c in undertaking if column.firm[c.passage]]
    together = frozenset[int]().union(*(c.elements for c in firm))
    most = max(int(column.allowed[c.passage]) for c in candidates)
    whole = len(firm) > 1 and len(together) >= column.needed > 0
    level = min(column.likely, Level.ADDRESSED if whole else Level(most))
    combined = level == Level.ADDRESSED > most
    if level == Level.ADDRESSED and any(column.told[c.passage] for c in firm):
        level = Level.OPERATIONALISED
    by_force = Level.PARTIAL if undertaking else Level.MENTIONED
    return Pooled(level, found, combined, Level.ADDRESSED if firm else by_force)


def in_order_of_reading(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Put first the nearest passage of those that carry the level, then the rest by score."""
    ranked = sorted(candidates, key=lambda c: (-c.score, c.passage))
    if not ranked:
        return []
    best = max(c.level for c in ranked)
    lead = next(c for c in ranked if c.level == best)
    return [lead, *(c for c in ranked if c is not lead)]


def reason_of(action: Action, level: Level, found: frozenset[int], *, combined: bool) -> str:
    """Say in a sentence why the level is what it is."""
    if level is Level.GAP:
        return "No clause comes near enough to this action."
    if level is Level.MENTIONED:
        return "The subject is named; no clause undertakes anything on it."
    n = len(action.core_elements)
    share = f"{len(found)} of {n} core elements found" if n else "no core elements defined"
    if combined:
        return f"Several firm clauses together cover it: {share}."
    words = {
        Level.PARTIAL: "A general, weak or incomplete undertaking",
        Level.ADDRESSED: "A firm clause covers it",
        Level.OPERATIONALISED: "A firm clause covers it and says how it is delivered",
    }
    return f"{words[level]}: {share}."
