"""What the annotated PDF marks: passages with their notes, and an outline by objective.

One passage may speak to several actions: it is marked once, and its note names them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gcm_align.reporting import marking_wording as words
from gcm_align.reporting.marks import REVIEW_KEY, state_of
from gcm_align.reporting.numbers import decimal
from gcm_align.translating import gettext as _
from gcm_align.types import Assessment, Box, Contradiction, Evidence

if TYPE_CHECKING:
    from gcm_align.catalogue import Action, Framework
    from gcm_align.types import Report

Place = tuple[int, str]  # a page (1-based) and the quote on it
_ORDER = (*"01", REVIEW_KEY, *"234", "C1", "C2")  # the strongest gives a mark its dress


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A passage to highlight, with what its note says."""

    page: int
    quote: str
    state: str  # of its strongest reading; a key of the palette
    title: str  # actions and levels, in a line
    note: str
    boxes: tuple[Box, ...]  # where the first reader saw the passage, on this page


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of the outline, with the page and the mark that it leads to."""

    title: str
    place: Place
    children: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Marking:
    """All that is drawn into one document."""

    marks: tuple[Mark, ...]
    outline: tuple[Entry, ...]
    root: str  # title of the outline's first line
    author: str
    date: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """One action's reading of a passage."""

    state: str
    short: str
    line: str
    evidence: Evidence


def marking_of(report: Report, framework: Framework, document_id: str) -> Marking:
    """Return what is drawn into a document of a report, in the order of its pages."""
    readings: dict[Place, list[_Reading]] = {}
    first: dict[str, tuple[str, Place]] = {}  # by action: its line in the outline
    for item in report.assessments:
        if item.document_id != document_id:
            continue
        action = framework.action(item.action)
        for place, reading in _readings(item, action):
            readings.setdefault(place, []).append(reading)
            first.setdefault(action.id, (_(words.OUTLINE_LINE).format(short=reading.short), place))
    marks = [_mark(place, found) for place, found in readings.items()]
    return Marking(
        marks=tuple(sorted(marks, key=lambda mark: (mark.page, mark.quote))),
        outline=tuple(_outline(framework, first)),
        root=_(words.ROOT).format(framework=framework.name),
        author=_(words.AUTHOR).format(package=report.run.package),
        date=report.run.started,
    )


def _readings(item: Assessment, action: Action) -> Iterable[tuple[Place, _Reading]]:
    """Yield the passages of one verdict: counter-provisions first, then what carries it."""
    for clause in item.counter_evidence:
        flag = item.contradiction.value or Contradiction.TENSION.value
        short = _(words.COUNTER).format(sign=words.SIGNS[flag], flag=flag, action=action.id)
        line = _(words.COUNTER_LINE).format(short=short, text=action.text)
        yield (
            (clause.page, clause.quote),
            _Reading(state=flag, short=short, line=line, evidence=clause),
        )
    state = state_of(item, action)
    level = _(words.LEVEL).format(sign=state.sign, name=_(state.name))
    if item.level is None:
        level = _(words.REVIEW).format(
            level=level, suggested=int(item.suggested), name=_(item.suggested.label)
        )
    for clause in item.evidence:
        short = _(words.SHORT).format(action=action.id, level=level)
        line = _(words.LINE).format(
            short=short,
            text=action.text,
            probability=decimal(item.probability),
            alone=int(clause.level),
            alone_name=_(clause.level.label),
        )
        yield (
            (clause.page, clause.quote),
            _Reading(state=_dress(item, clause), short=short, line=line, evidence=clause),
        )


def _dress(item: Assessment, clause: Evidence) -> str:
    """Return what a passage looks like: what it carries itself, never more than the verdict."""
    return REVIEW_KEY if item.level is None else str(int(min(item.level, clause.level)))


def _mark(place: Place, found: list[_Reading]) -> Mark:
    page, quote = place
    ranked = sorted(found, key=lambda r: -_ORDER.index(r.state) if r.state in _ORDER else 0)
    return Mark(
        page=page,
        quote=quote,
        state=ranked[0].state,
        title=", ".join(reading.short for reading in ranked),
        note="\n".join((*(reading.line for reading in ranked), _(words.CLOSING))),
        boxes=tuple(box for box in ranked[0].evidence.boxes if box.page == page),
    )


def _outline(framework: Framework, first: Mapping[str, tuple[str, Place]]) -> Iterable[Entry]:
    for objective in framework.objectives:
        children = tuple(
            Entry(title=first[action.id][0], place=first[action.id][1])
            for action in framework.actions
            if action.objective == objective.number and action.id in first
        )
        if children:
            title = _(words.OUTLINE_OBJECTIVE).format(
                number=objective.number, label=objective.label
            )
            yield Entry(title=title, place=children[0].place, children=children)
