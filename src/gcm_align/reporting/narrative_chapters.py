"""The chapters of the narrative report: one an objective, counter-provisions first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from gcm_align.coverage import section_text
from gcm_align.figures import document_labels, ordered
from gcm_align.gaps import (
    Gap,
    carried_words,
    consider_words,
    find_gaps,
    nearest_words,
    page_words,
    wanted_words,
)
from gcm_align.reporting import narrative_wording as words
from gcm_align.reporting.numbers import count_range
from gcm_align.reporting.story import Cell, Heading, Paragraph, Part, Piece, Style, Table, plain
from gcm_align.translating import gettext as _
from gcm_align.types import Evidence, Level

if TYPE_CHECKING:
    from gcm_align.catalogue import Framework
    from gcm_align.reporting.view import Chapter, Row, View
    from gcm_align.types import Report


def chapters(report: Report, framework: Framework, view: View) -> Iterator[Part]:
    """Tell objective by objective, under its round table where the framework has them."""
    labels = document_labels(report)
    gaps: dict[str, list[Gap]] = {}
    for gap in find_gaps(ordered(report, framework), labels):
        gaps.setdefault(gap.action.id, []).append(gap)
    by_number = {chapter.objective.number: chapter for chapter in view.chapters}
    yield Heading(level=1, text=_(words.HEADINGS["objectives"]), anchor="objectives", new_page=True)
    yield Paragraph(pieces=plain(_(words.GAPS_NOTE)), style=Style.NOTE)
    for group in view.groups:
        if group.theme:
            text = _(words.ROUND_TABLE).format(number=group.number, theme=group.theme)
            yield Paragraph(pieces=(Piece(text=text, bold=True),), style=Style.BANNER)
        for objective in group.objectives:
            yield from _chapter(by_number[objective.number], view, gaps, labels)


def _chapter(
    chapter: Chapter, view: View, gaps: dict[str, list[Gap]], labels: dict[str, str]
) -> Iterator[Part]:
    many = len(view.documents) > 1
    number, anchor = chapter.objective.number, chapter.anchor
    yield Heading(level=2, text=f"{number} {chapter.objective.title}", anchor=f"o-{anchor}")
    for document in view.documents:
        counts = document.figures.objectives[number]
        line = _(words.CHAPTER_LINE).format(
            reached=count_range(counts.reached["breadth"]), n=counts.n
        )
        if counts.needs_review:
            line += _(words.CHAPTER_REVIEW).format(count=counts.needs_review)
        if counts.contradiction or counts.tension:
            line += _(words.CHAPTER_FLAGS).format(c2=counts.contradiction, c1=counts.tension)
        label = (Piece(text=f"{document.figures.label}: ", bold=True),) if many else ()
        yield Paragraph(pieces=(*label, Piece(text=f"{line}.")))
    flagged = sorted(
        (row for row in chapter.rows if row.item.contradiction),
        key=lambda row: row.item.contradiction,
        reverse=True,
    )
    if flagged:
        yield Heading(level=3, text=_(words.HEADINGS["counter"]), anchor=f"counter-{anchor}")
        yield from counter_parts(flagged, many=many)
    found = [row for row in chapter.rows if row.item.level is None or row.item.level > Level.GAP]
    if found:
        yield Heading(level=3, text=_(words.HEADINGS["found"]), anchor=f"found-{anchor}")
        yield _found_table(found, many=many, caption=chapter.objective.label)
    silent = {row.action.id: gaps[row.action.id] for row in chapter.rows if row.narrative}
    if silent:
        yield Heading(level=3, text=_(words.HEADINGS["gaps"]), anchor=f"gaps-{anchor}")
        for same in silent.values():
            yield from _gap(same, labels)


def counter_parts(rows: Sequence[Row], *, many: bool) -> Iterator[Part]:
    """Tell each flagged pair: its action, the quotes, the level beside the flag."""
    for row in rows:
        flag = _(words.FLAG_TITLE[row.item.contradiction.value])
        style = Style.ALERT if row.item.contradiction.value == "C2" else Style.BODY
        yield Paragraph(
            pieces=(
                Piece(text=f"{flag}  {row.action.id} ", bold=True),
                Piece(text=row.action.text),
            ),
            style=style,
        )
        for clause in row.item.counter_evidence:
            yield _quote(clause, row.label if many else "")
        if not row.item.counter_evidence:
            yield Paragraph(pieces=plain(_(words.NO_QUOTE)), style=Style.NOTE)
        level = _(words.SUPPORTIVE).format(sign=row.state.sign, name=_(row.state.name))
        yield Paragraph(pieces=plain(level), style=Style.NOTE)


def _quote(clause: Evidence, label: str) -> Paragraph:
    place = page_words(clause) + (f", {label}" if label else "")
    if clause.section:
        place = _(words.PLACE_SECTION).format(place=place, section=section_text(clause.section))
    quote = _(words.QUOTED).format(quote=clause.quote)
    return Paragraph(
        pieces=(Piece(text=f"{quote} ", italic=True), Piece(text=place)), style=Style.QUOTE
    )


def _found_table(rows: Sequence[Row], *, many: bool, caption: str) -> Table:
    """Return the clauses found: the level with its name, the first quote with its place."""
    names = ("action", "document", "level", "clause") if many else ("action", "level", "clause")
    return Table(
        caption=f"{_(words.HEADINGS['found'])}: {caption}",
        head=tuple(_(words.COLUMNS[name]) for name in names),
        rows=tuple(_found(row, many=many) for row in rows),
        widths=(0.2, 0.17, 0.13, 0.5) if many else (0.25, 0.15, 0.6),
    )


def _found(row: Row, *, many: bool) -> tuple[Cell, ...]:
    level = f"{row.state.sign} {_(row.state.name)}"
    if row.item.level is None:
        suggested = row.item.suggested
        level = _(words.SUGGESTED).format(
            sign=row.state.sign,
            name=_(row.state.name),
            level=int(suggested),
            level_name=_(suggested.label),
        )
    clause = row.item.evidence[0] if row.item.evidence else row.item.nearest
    told = _(words.NO_CLAUSE_KEPT)
    if clause is not None:
        place = page_words(clause)
        if clause.section:
            place = _(words.PLACE_SECTION).format(place=place, section=section_text(clause.section))
        told = f"{_(words.QUOTED).format(quote=clause.quote)} {place}"
    action = Cell(text=f"{row.action.id} {row.action.text}")
    label = (Cell(text=row.label),) if many else ()
    return (action, *label, Cell(text=level, state=row.state.key), Cell(text=told))


def _gap(same: Sequence[Gap], labels: dict[str, str]) -> Iterator[Part]:
    """Tell the gaps of one action together: what is missing once, each nearest clause apart."""
    action = same[0].action
    everywhere = (
        _(words.EVERYWHERE_ONE)
        if len(labels) == 1
        else _(words.EVERYWHERE_MANY).format(count=len(labels))
    )
    named = [labels[gap.item.document_id] for gap in same]
    where = everywhere if len(same) == len(labels) else ", ".join(named)
    yield Paragraph(
        pieces=(
            Piece(text=f"{action.id} ", bold=True),
            Piece(text=f"{wanted_words(action, where)} {consider_words(action)}"),
        )
    )
    for gap, label in zip(same, named, strict=True):
        nearest = nearest_words(gap.item, action)
        if nearest:
            start = (Piece(text=f"{label}: ", bold=True),) if len(labels) > 1 else ()
            yield Paragraph(pieces=(*start, Piece(text=nearest)), style=Style.BULLET)
    carried = carried_words(same[0].carried_by)
    if carried:
        yield Paragraph(pieces=plain(carried), style=Style.BULLET)
