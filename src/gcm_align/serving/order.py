"""The order of review: where a wrong verdict would cost most comes first."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from gcm_align.catalogue import Framework
from gcm_align.figures import is_gap, ordered
from gcm_align.framework import Action
from gcm_align.reviewed import machine_report
from gcm_align.types import Assessment, Contradiction, Level, Report

SAMPLE_SHARE = 0.05  # of the rest, to see what nobody would have looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One verdict to look at, and why it comes where it does."""

    action: Action
    item: Assessment
    why: str  # key of strings.WHY


def review_order(report: Report, framework: Framework, sector: str = "") -> tuple[Task, ...]:
    """
    Return the verdicts of a report's first document to review, the most urgent first.

    Contradictions, then tensions, what the machine left open, claims of the highest level,
    the gaps of one sector where it is named, and a random twentieth of the rest, the same each
    time.
    """
    machine = machine_report(report)
    pairs = [(i, a) for i, a in ordered(machine, framework) if i.document_id == _first(report)]
    groups: dict[str, list[tuple[Assessment, Action]]] = {
        "contradiction": [p for p in pairs if p[0].contradiction == Contradiction.CONTRADICTION],
        "tension": [p for p in pairs if p[0].contradiction == Contradiction.TENSION],
        "needs-review": [p for p in pairs if p[0].level is None],
        "operationalised": [p for p in pairs if p[0].level == Level.OPERATIONALISED],
        "gap": [p for p in pairs if is_gap(*p) and _led_by(p[1], sector)],
    }
    tasks: dict[str, Task] = {}
    for why, group in groups.items():
        for item, action in group:
            tasks.setdefault(action.id, Task(action=action, item=item, why=why))
    for item, action in _sample([p for p in pairs if p[1].id not in tasks], report):
        tasks[action.id] = Task(action=action, item=item, why="sample")
    return tuple(tasks.values())


def still_open(tasks: Sequence[Task], decided: Collection[str]) -> tuple[Task, ...]:
    """Return the tasks whose action a reviewer has not decided; others' decisions do not count."""
    return tuple(task for task in tasks if task.action.id not in decided)


def sectors_of(framework: Framework) -> tuple[str, ...]:
    """Return the sectors that lead at least one action, by letter."""
    return tuple(
        sorted({s for a in framework.actions if a.applicability for s in a.applicability.sectors})
    )


def _first(report: Report) -> str:
    return report.documents[0].id


def _led_by(action: Action, sector: str) -> bool:
    return action.applicability is not None and sector in action.applicability.sectors


def _sample(
    rest: Sequence[tuple[Assessment, Action]], report: Report
) -> list[tuple[Assessment, Action]]:
    chance = random.Random(report.documents[0].sha256)  # noqa: S311 (a sample, no secret)
    drawn = chance.sample(range(len(rest)), round(SAMPLE_SHARE * len(rest)))
    return [rest[number] for number in sorted(drawn)]
