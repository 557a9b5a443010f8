"""The figures of the narrative report as tables and messages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from gcm_align.figures import MEASURES, Tally
from gcm_align.gaps import page_words
from gcm_align.reporting import narrative_wording as words
from gcm_align.reporting import wording
from gcm_align.reporting.numbers import share_words
from gcm_align.reporting.story import Cell, Heading, Paragraph, Part, Piece, Style, Table, plain
from gcm_align.reporting.unread import page_list
from gcm_align.translating import gettext as _
from gcm_align.types import Level

if TYPE_CHECKING:
    from gcm_align.catalogue import Framework
    from gcm_align.reporting.view import DocumentView, View
    from gcm_align.types import Report

_COUNTS = ("review", "not_counted", "tension", "contradiction")


def messages(report: Report, framework: Framework, view: View) -> Iterator[Part]:
    """Tell the first page: key figures, every contradiction, where the text is strong."""
    many = len(view.documents) > 1
    yield Heading(level=1, text=_(words.HEADINGS["messages"]), anchor="messages", new_page=True)
    yield from _contradictions(view, many=many)
    yield key_table(view)
    yield Paragraph(pieces=plain(words.key_note(len(framework.objectives))), style=Style.NOTE)
    for document in view.documents:
        label = (Piece(text=f"{document.figures.label}: ", bold=True),) if many else ()
        told = Piece(text=" ".join(_message(document)))
        yield Paragraph(pieces=(*label, told), style=Style.BULLET)
    if report.skipped:
        paths = ", ".join(item.path for item in report.skipped)
        yield Paragraph(pieces=plain(_(words.SKIPPED).format(paths=paths)), style=Style.BULLET)
    yield Heading(level=2, text=_(words.READ_WITH_THIS), anchor="read-with-this")
    for caveat in wording.caveats(framework):
        yield Paragraph(pieces=plain(caveat), style=Style.BULLET)


def _contradictions(view: View, *, many: bool) -> Iterator[Part]:
    for same in view.contradictions:
        action = same[0].action
        yield Paragraph(
            pieces=(
                Piece(text=_(words.MESSAGE_C2).format(action=action.id), bold=True),
                Piece(text=_(words.MESSAGE_C2_WHY).format(text=action.text)),
            ),
            style=Style.ALERT,
        )
        for row in same:
            for clause in row.item.counter_evidence[:1]:
                place = page_words(clause) + (f", {row.label}" if many else "")
                quote = _(words.QUOTED).format(quote=clause.quote)
                yield Paragraph(
                    pieces=(Piece(text=f"{quote} ", italic=True), Piece(text=place)),
                    style=Style.QUOTE,
                )
    if not view.contradictions:
        yield Paragraph(pieces=plain(_(words.NO_C2)))


def _message(document: DocumentView) -> Iterator[str]:
    if document.strongest:
        yield _(words.STRONGEST).format(objectives="; ".join(document.strongest))
    else:
        yield _(words.NO_STRENGTH)
    if document.reaches_nothing:
        yield _(words.SILENT_ALL)
    elif document.silent:
        yield _(words.SILENT).format(objectives="; ".join(document.silent))
    quality = document.document.quality
    if quality.pages_unread:
        where = page_list(quality.pages_unread)
        yield _(words.UNREAD_PAGES).format(
            count=len(quality.pages_unread), pages=quality.pages, where=where
        )


def key_table(view: View) -> Table:
    """Return the headline and the figures over all actions, document by document."""
    rows: list[tuple[Cell, ...]] = []
    for document in view.documents:
        counts = document.figures
        size = len(counts.objectives)
        headline = counts.headline
        rows.append(
            (
                Cell(text=counts.label, bold=True),
                Cell(text=_(words.ALL_OBJECTIVES).format(count=size)),
                *(
                    Cell(text=share_words(headline[name]) if headline else _(words.NO_HEADLINE))
                    for name in MEASURES
                ),
                *(Cell(text="") for _ in range(5)),
            )
        )
        total = counts.total
        numbers = (
            *(total.levels[0], total.needs_review, total.tension, total.contradiction),
            total.n,
        )
        rows.append(
            (
                Cell(text=counts.label, bold=True),
                Cell(text=_(words.ALL_ACTIONS)),
                *(Cell(text=share_words(total.shares[name])) for name in MEASURES),
                *(Cell(text=str(number)) for number in numbers),
            )
        )
    shown = ("gaps", "review", "tension", "contradiction", "n")
    return Table(
        caption=_(words.HEADINGS["key_figures"]),
        head=(
            _(words.COLUMNS["document"]),
            "",
            *(_(words.MEASURES_SHORT[name]) for name in MEASURES),
            *(_(words.COLUMNS[name]) for name in shown),
        ),
        rows=tuple(rows),
        widths=(0.22, 0.17, 0.11, 0.105, 0.105, 0.065, 0.06, 0.05, 0.05, 0.065),
        numbers=frozenset(range(2, 10)),
    )


def figures_table(document: DocumentView, view: View) -> Table:
    """Return one document's figures: a row an objective, then all actions."""
    rows = [
        (
            Cell(text=f"{chapter.objective.number} {chapter.objective.label}"),
            *_figures(document.figures.objectives[chapter.objective.number]),
        )
        for chapter in view.chapters
    ]
    rows.append((Cell(text=_(words.ALL_ACTIONS), bold=True), *_figures(document.figures.total)))
    return Table(
        caption=_(words.HEADINGS["figures_of"]).format(label=document.figures.label),
        head=(
            _(words.COLUMNS["objective"]),
            *(str(int(level)) for level in Level),
            *(_(words.COLUMNS[name]) for name in (*_COUNTS, "n")),
            *(_(words.MEASURES_SHORT[name]) for name in MEASURES),
        ),
        rows=tuple(rows),
        widths=(0.26, *([0.038] * 5), 0.05, 0.04, 0.045, 0.045, 0.05, 0.11, 0.105, 0.105),
        numbers=frozenset(range(1, 14)),
    )


def _figures(counts: Tally) -> tuple[Cell, ...]:
    numbers = (
        *counts.levels,
        *(counts.needs_review, counts.not_counted, counts.tension, counts.contradiction),
        counts.n,
    )
    shares = (share_words(counts.shares[name]) for name in MEASURES)
    return tuple(Cell(text=text) for text in (*map(str, numbers), *shares))
