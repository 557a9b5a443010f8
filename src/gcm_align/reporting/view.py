"""What the HTML report shows, as plain records: labels, bars, rows, key messages.

Numbers come from ``figures.py``; nothing is counted here. The template only lays out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from gcm_align.figures import (
    DocumentFigures,
    Tally,
    confidence,
    document_labels,
    figures,
    ordered,
    tally,
)
from gcm_align.gaps import elements, find_gaps, sector_words
from gcm_align.reporting.marks import State, state_of
from gcm_align.reporting.review_wording import review_lines, review_words
from gcm_align.reporting.wording import level_chances
from gcm_align.reviewed import marks_of
from gcm_align.translating import gettext as _
from gcm_align.types import (
    Assessment,
    Contradiction,
    DocumentSummary,
    Evidence,
    PrincipleFinding,
    Report,
    ReviewMark,
)

if TYPE_CHECKING:
    from gcm_align.catalogue import Action, Framework, Objective, Principle

KEY_OBJECTIVES = 3  # strongest and weakest objectives named on the first page


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One document and action."""

    anchor: str
    document: DocumentSummary
    label: str
    action: Action
    item: Assessment
    state: State
    confidence: str
    chances: str  # probability of each level, in words
    best: Evidence | None  # what the closed row quotes
    found: tuple[str, ...]
    missing: tuple[str, ...]
    sectors: str
    narrative: str  # of a gap; else empty
    reviews: tuple[str, ...] = ()  # one line each


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """One objective with its rows."""

    anchor: str
    objective: Objective
    rows: tuple[Row, ...]

    @property
    def gaps(self) -> tuple[Row, ...]:
        """The rows that are gaps."""
        return tuple(row for row in self.rows if row.narrative)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A round table of the review forum with its objectives; unnamed without round tables."""

    number: str
    theme: str
    objectives: tuple[Objective, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentView:
    """One document with its figures and what the first page says of it."""

    anchor: str
    document: DocumentSummary
    figures: DocumentFigures
    strongest: tuple[str, ...]
    silent: tuple[str, ...]  # objectives without an action at partial or better
    groups: tuple[Tally, ...] = ()  # the figures of each of the view's groups

    @property
    def reaches_nothing(self) -> bool:
        """Whether no objective that counts has an action at partial, not even after review."""
        return len(self.silent) == sum(1 for scope in self.figures.objectives.values() if scope.n)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrincipleRow:
    """One guiding principle with what each document says; None where a report lacks it."""

    principle: Principle
    findings: tuple[PrincipleFinding | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """The whole page."""

    documents: tuple[DocumentView, ...]
    chapters: tuple[Chapter, ...]
    groups: tuple[Group, ...]
    anchors: Mapping[str, str]  # of the chapters, by the objective's number
    principles: tuple[PrincipleRow, ...] = ()  # empty where the report holds none
    reviewed: tuple[str, ...] = ()  # how far each document was reviewed; empty if nobody did

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows, objective by objective."""
        return tuple(row for chapter in self.chapters for row in chapter.rows)

    def flagged(self, flag: Contradiction) -> tuple[Row, ...]:
        """Return the rows with a flag."""
        return tuple(row for row in self.rows if row.item.contradiction == flag)

    @property
    def contradictions(self) -> tuple[tuple[Row, ...], ...]:
        """The C2 rows, those of one action together."""
        flagged = self.flagged(Contradiction.CONTRADICTION)
        return tuple(tuple(same) for _, same in groupby(flagged, key=lambda row: row.action.id))

    def rows_of(self, document: DocumentView, number: str) -> tuple[Row, ...]:
        """Return one document's rows of one objective."""
        return tuple(
            row
            for chapter in self.chapters
            if chapter.objective.number == number
            for row in chapter.rows
            if row.document.id == document.document.id
        )


def build_view(report: Report, framework: Framework) -> View:
    """Return everything that the page shows, in its order."""
    rows = _rows(report, framework)
    labels = {objective.number: objective.label for objective in framework.objectives}
    groups = _groups(framework)
    anchors = _anchors(objective.number for objective in framework.objectives)
    chapters = tuple(
        Chapter(
            anchor=anchors[objective.number],
            objective=objective,
            rows=tuple(row for row in rows if row.action.objective == objective.number),
        )
        for objective in framework.objectives
    )
    documents = tuple(
        DocumentView(
            anchor=f"d{number}",
            document=document,
            figures=counts,
            strongest=_strongest(counts, labels),
            silent=_silent(counts, labels),
            groups=_group_tallies(document.id, rows, groups),
        )
        for number, (document, counts) in enumerate(
            zip(report.documents, figures(report, framework).documents, strict=True), start=1
        )
    )
    return View(
        documents=documents,
        chapters=chapters,
        groups=groups,
        anchors=anchors,
        principles=_principles(report, framework),
        reviewed=tuple(review_lines(report, framework)),
    )


def _principles(report: Report, framework: Framework) -> tuple[PrincipleRow, ...]:
    """Return the matrix of principles; empty for a report that was made without them."""
    if not report.principles:
        return ()
    found = {(item.principle, item.document_id): item for item in report.principles}
    return tuple(
        PrincipleRow(
            principle=principle,
            findings=tuple(found.get((principle.key, d.id)) for d in report.documents),
        )
        for principle in framework.principles
    )


def _rows(report: Report, framework: Framework) -> list[Row]:
    """Return the rows action by action, so that documents stand under each other."""
    labels = document_labels(report)
    place = {document.id: index for index, document in enumerate(report.documents)}
    rank = {action.id: index for index, action in enumerate(framework.actions)}
    anchors = _anchors(rank)
    pairs = ordered(report, framework)
    gaps = {(g.item.document_id, g.action.id): g.narrative for g in find_gaps(pairs, labels)}
    marks = marks_of(report)
    rows: list[Row] = []
    for item, action in sorted(pairs, key=lambda pair: rank[pair[1].id]):
        number, label = place[item.document_id], labels[item.document_id]
        narrative = gaps.get((item.document_id, action.id), "")
        rows.append(
            _row(
                item,
                action,
                report.documents[number],
                f"d{number + 1}-{anchors[action.id]}",
                label,
                narrative,
                marks.get((item.document_id, action.id), ()),
            )
        )
    return rows


def _row(
    item: Assessment,
    action: Action,
    document: DocumentSummary,
    anchor: str,
    label: str,
    narrative: str,
    marks: tuple[ReviewMark, ...],
) -> Row:
    shown = item.evidence or item.counter_evidence
    return Row(
        anchor=anchor,
        document=document,
        label=label,
        action=action,
        item=item,
        state=state_of(item, action),
        confidence=confidence(item),
        chances=level_chances(item),
        best=shown[0] if shown else None,
        found=elements(action, item.elements_found),
        missing=elements(action, item.elements_found, missing=True),
        sectors=sector_words(action),
        narrative=narrative,
        reviews=tuple(map(review_words, marks)),
    )


def _anchors(names: Iterable[str]) -> dict[str, str]:
    """Return a name for links: itself, or its place where it holds what an id cannot."""
    return {
        name: name if re.fullmatch(r"[\w.-]+", name, re.ASCII) else f"n{place}"
        for place, name in enumerate(names)
    }


def _strongest(counts: DocumentFigures, labels: Mapping[str, str]) -> tuple[str, ...]:
    """Name the objectives with the highest breadth; ties in the Compact's order."""
    ranked = sorted(
        ((number, scope) for number, scope in counts.objectives.items() if scope.n),
        key=lambda pair: -pair[1].shares["breadth"].lower,
    )
    return tuple(
        _("{objective} ({reached} of {n})").format(
            objective=f"{number} {labels[number]}",
            reached=scope.reached["breadth"][0],
            n=scope.n,
        )
        for number, scope in ranked[:KEY_OBJECTIVES]
        if scope.reached["breadth"][0]
    )


def _silent(counts: DocumentFigures, labels: Mapping[str, str]) -> tuple[str, ...]:
    """Name the objectives that nothing reaches, not even after review."""
    return tuple(
        f"{number} {labels[number]}"
        for number, scope in counts.objectives.items()
        if scope.n and not scope.reached["breadth"][1]
    )


def _group_tallies(
    document_id: str, rows: Iterable[Row], groups: Iterable[Group]
) -> tuple[Tally, ...]:
    """Count one document's pairs by group of objectives."""
    own = [row for row in rows if row.document.id == document_id]
    return tuple(
        tally(
            [
                (row.item, row.action)
                for row in own
                if row.action.objective in {o.number for o in group.objectives}
            ]
        )
        for group in groups
    )


def _groups(framework: Framework) -> tuple[Group, ...]:
    """Return the objectives by round table; one unnamed group where a framework has none."""
    tables = tuple(framework.round_tables)
    if not tables:
        return (Group(number="", theme="", objectives=tuple(framework.objectives)),)
    return tuple(
        Group(
            number=str(table.number),
            theme=table.theme,
            objectives=tuple(o for o in framework.objectives if o.round_table == table.number),
        )
        for table in tables
    )
