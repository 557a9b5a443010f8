"""Evidence to verdicts: levels 0 to 4, needs review, contradictions.

The rules are the method's, one function each. The calibrator says which level is likely by
the score, the wording what it can be at most; where the two leave too much doubt, a person
decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Protocol

import numpy as np
import numpy.typing as npt

from gcm_align.abstaining import review_reason, unread_language
from gcm_align.calibration import (
    LEVELS,
    Array,
    Calibrator,
    capped,
    document_figures,
    each_level,
    load_calibrator,
    median_level,
    subject_nearness,
)
from gcm_align.catalogue import Action, Framework
from gcm_align.levels import (
    allowed_levels,
    is_about,
    levels_alone,
    may_address,
    needed_elements,
    operational,
)
from gcm_align.pooling import Candidate, Column, in_order_of_reading, pool, reason_of
from gcm_align.settings import Settings
from gcm_align.types import (
    Assessment,
    Contradiction,
    CounterProvision,
    Evidence,
    Level,
    Reading,
    Scores,
)

TO_READ = 3  # passages that a reviewer is given at least


class EvidenceSource(Protocol):
    """Turns a passage into quotable evidence."""

    def make(
        self,
        reading: Reading,
        rank: int,
        at: int,
        number: int,
        level: Level,
        elements: Sequence[int],
    ) -> Evidence:
        """Return a passage as evidence for an action."""
        ...

    def make_counter(
        self, reading: Reading, rank: int, at: int, number: int, provision: CounterProvision
    ) -> Evidence:
        """Return a counter-provision as evidence."""
        ...


class Assessor:
    """Applies the rules to every action of a framework."""

    def __init__(
        self, framework: Framework, settings: Settings, calibrator: Calibrator | None = None
    ) -> None:
        self.framework = framework
        self.settings = settings
        self.calibrator = calibrator or load_calibrator()

    def assess(self, reading: Reading, maker: EvidenceSource) -> tuple[Assessment, ...]:
        """
        Give the verdict on every action for one document.

        Args:
            reading: The document's passages with force, counter-provisions and scores.
            maker: Turns a passage into quotable evidence.

        Returns:
            One assessment for each action, in the framework's order.
        """
        scores, clauses, settings = reading.scores, reading.clauses, self.settings
        against = [_counter_passages(reading.counters, a.id) for a in self.framework.actions]
        reached = self.calibrator.reached(document_figures(scores, clauses, _mask(scores, against)))
        likely = self.calibrator.most_likely(scores, subject_nearness(scores))
        allowed = allowed_levels(scores, clauses, settings)
        told = operational(clauses)
        alone = levels_alone(likely, allowed, told, is_about(scores))
        firm = may_address(scores, clauses)
        needed = needed_elements(scores, settings)
        median = median_level(reached)
        return tuple(
            self._assess_action(
                reading,
                Column(
                    likely=Level(int(median[number])),
                    alone=alone[:, number],
                    allowed=allowed[:, number],
                    firm=firm[:, number],
                    told=told,
                    needed=int(needed[number]),
                ),
                each_level(reached[number]),
                against[number],
                maker,
                number,
                action,
            )
            for number, action in enumerate(self.framework.actions)
        )

    def _assess_action(
        self,
        reading: Reading,
        column: Column,
        chances: Array,
        against: Mapping[int, CounterProvision],
        maker: EvidenceSource,
        number: int,
        action: Action,
    ) -> Assessment:
        candidates = self._candidates(reading, column, number, excluded=frozenset(against))
        pooled = pool(column, candidates)
        level, found = pooled.level, pooled.elements
        candidates = [replace(c, level=min(c.level, level)) for c in candidates]
        # Where the wording lowered the level, or allows no more, what lies above is excluded.
        chances = capped(chances, level if level < column.likely else pooled.most)
        review = review_reason(reading.document, level, chances, self.settings)
        shown = in_order_of_reading(candidates)
        if review and not unread_language(reading.document):
            shown += self._beside(reading, number, shown, excluded=frozenset(against))
        evidence = tuple(
            maker.make(reading, rank, c.passage, number, c.level, sorted(c.elements))
            for rank, c in enumerate(shown[: self.settings.max_evidence], start=1)
        )
        counter = tuple(
            maker.make_counter(reading, rank, passage, number, against[passage])
            for rank, passage in enumerate(sorted(against), start=1)
        )
        return Assessment(
            document_id=reading.document.id,
            action=action.id,
            level=None if review else level,
            suggested=level,
            probability=round(float(1 - chances[0]), 4),
            probabilities={
                name.label: round(float(chance), 4)
                for name, chance in zip(LEVELS, chances, strict=True)
            },
            contradiction=_worst(against.values()),
            status="machine",
            reason=review or reason_of(action, level, found, combined=pooled.combined),
            evidence=evidence,
            counter_evidence=counter,
            nearest=None if candidates else self._nearest(reading, maker, number),
            elements_found=tuple(sorted(found)),
            delivery=evidence[0].delivery if evidence else {},
        )

    def _candidates(
        self,
        reading: Reading,
        column: Column,
        number: int,
        *,
        excluded: frozenset[int],
    ) -> list[Candidate]:
        """
        Return the passages that speak to an action, each with its level alone.

        None where the document as a whole is likely silent. Where it is not and no passage
        would do alone, the nearest one stands for it: no level without a quote.
        """
        if column.likely is Level.GAP:
            return []
        values = reading.scores.values[:, number]
        carrying = [int(at) for at in np.flatnonzero(column.alone) if int(at) not in excluded]
        if not carrying:
            carrying = _nearest_first(values, excluded, 1)
        return [
            Candidate(
                passage=at,
                score=float(values[at]),
                level=Level(max(int(column.alone[at]), Level.MENTIONED)),
                elements=self._elements_in(reading.scores, at, number),
            )
            for at in carrying
        ]

    def _beside(
        self,
        reading: Reading,
        number: int,
        shown: Sequence[Candidate],
        *,
        excluded: frozenset[int],
    ) -> list[Candidate]:
        """Return the nearest passages that carry nothing alone, so that a reviewer has three."""
        values = reading.scores.values[:, number]
        taken = excluded | {c.passage for c in shown}
        return [
            Candidate(
                passage=at,
                score=float(values[at]),
                level=Level.GAP,
                elements=self._elements_in(reading.scores, at, number),
            )
            for at in _nearest_first(values, taken, max(0, TO_READ - len(shown)))
        ]

    def _elements_in(self, scores: Scores, at: int, number: int) -> frozenset[int]:
        near = scores.elements[at, scores.element_owner == number]
        return frozenset(int(i) for i in np.flatnonzero(near >= self.settings.element_similarity))

    def _nearest(self, reading: Reading, maker: EvidenceSource, number: int) -> Evidence | None:
        column = reading.scores.values[:, number]
        if not len(column):
            return None
        at = int(np.argmax(column))
        elements = sorted(self._elements_in(reading.scores, at, number))
        return maker.make(reading, 1, at, number, Level.GAP, elements)


def _counter_passages(
    counters: Sequence[Sequence[CounterProvision]], action_id: str
) -> dict[int, CounterProvision]:
    """Return, by passage, the worst counter-provision to this action."""
    out: dict[int, CounterProvision] = {}
    for at, provisions in enumerate(counters):
        if own := [p for p in provisions if action_id in p.actions] if provisions else ():
            out[at] = max(own, key=lambda p: (p.flag.value, -p.start))
    return out


def _mask(
    scores: Scores, against: Sequence[Mapping[int, CounterProvision]]
) -> npt.NDArray[np.bool_]:
    """Say which passages order the opposite of which action. Shape: (n_passages, n_actions)."""
    out = np.zeros(scores.values.shape, dtype=bool)
    for number, passages in enumerate(against):
        out[list(passages), number] = True
    return out


def _nearest_first(
    values: npt.NDArray[np.float32], without: frozenset[int], most: int
) -> list[int]:
    """Return the passages of the highest scores, some left out."""
    order = np.argsort(-values, kind="stable")
    return list(islice((int(at) for at in order if int(at) not in without), most))


def _worst(provisions: Iterable[CounterProvision]) -> Contradiction:
    flags = [p.flag for p in provisions]
    return max(flags, key=lambda flag: flag.value, default=Contradiction.NONE)
