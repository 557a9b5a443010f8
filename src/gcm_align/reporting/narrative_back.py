"""The back of the narrative report: method and limits, what was not read, annex, manifest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from gcm_align.reporting import narrative_wording as words
from gcm_align.reporting import wording
from gcm_align.reporting.marks import STATES
from gcm_align.reporting.story import Cell, Heading, Paragraph, Part, Piece, Style, Table, plain
from gcm_align.reporting.unread import unread_frame
from gcm_align.translating import gettext as _

if TYPE_CHECKING:
    from gcm_align.catalogue import Framework
    from gcm_align.reporting.view import Row, View
    from gcm_align.types import Report

NEW_PAGE = ("overview", "annex")  # long parts start on a page of their own


def heading(level: int, name: str, **values: object) -> Heading:
    """Return a heading of the fixed words."""
    text = _(words.HEADINGS[name]).format(**values)
    return Heading(level=level, text=text, anchor=name, new_page=name in NEW_PAGE)


def method(report: Report, framework: Framework) -> Iterator[Part]:
    """Tell what the levels mean, how verdicts are made, and the limits."""
    yield heading(1, "method")
    yield heading(2, "levels")
    meanings = [*wording.LEVEL_WHEN.values(), wording.REVIEW_WHEN]
    meanings += [wording.NOT_COUNTED_WHEN, wording.NOT_APPLICABLE_WHEN]
    for state, when in zip(STATES, meanings, strict=True):
        yield _term(f"{state.sign} {_(state.name)}", _(when))
    for flag, when in wording.FLAG_WHEN.items():
        yield _term(_(words.FLAG_TITLE[flag.value]), _(when))
    yield heading(2, "verdicts")
    for sentence in wording.method(framework):
        yield Paragraph(pieces=plain(sentence), style=Style.NUMBER)
    yield heading(2, "limits")
    for caveat in wording.caveats(framework):
        yield Paragraph(pieces=plain(caveat), style=Style.BULLET)
    status, note = wording.calibration(report.run)
    closing = f"{_(wording.SUGGESTIONS)} {_(words.BANNER).format(status=status, note=note)}"
    yield Paragraph(pieces=plain(closing), style=Style.BULLET)


def _term(term: str, meaning: str) -> Paragraph:
    return Paragraph(
        pieces=(Piece(text=f"{term}: ", bold=True), Piece(text=meaning)), style=Style.TERM
    )


def unread(report: Report) -> Iterator[Part]:
    """Tell what was not read."""
    yield heading(1, "unread")
    rows = unread_frame(report).to_dict("records")
    if not rows:
        yield Paragraph(pieces=plain(_(words.ALL_READ)))
        return
    yield Paragraph(pieces=plain(_(words.UNREAD_NOTE)))
    yield Table(
        caption=_(words.HEADINGS["unread"]),
        head=tuple(_(words.COLUMNS[name]) for name in ("file", "what", "pages", "why")),
        rows=tuple(tuple(Cell(text=str(value)) for value in row.values()) for row in rows),
        widths=(0.26, 0.2, 0.14, 0.4),
    )


def annex(framework: Framework, view: View) -> Iterator[Part]:
    """Tell every verdict as a sign: a table an objective, a column a document."""
    yield heading(1, "annex", count=len(framework.actions))
    keys = [_(words.KEY).format(number=n) for n in range(1, len(view.documents) + 1)]
    named = "; ".join(
        _(words.KEY_OF).format(key=key, label=d.figures.label)
        for key, d in zip(keys, view.documents, strict=True)
    )
    yield Paragraph(pieces=plain(_(words.ANNEX_NOTE).format(keys=named)), style=Style.NOTE)
    yield Paragraph(pieces=plain(_(words.EVIDENCE_NOTE)), style=Style.NOTE)
    column = min(0.11, 0.55 / len(keys))
    for chapter in view.chapters:
        verdicts = {(row.action.id, row.document.id): row for row in chapter.rows}
        actions = {row.action.id: row.action for row in chapter.rows}
        rows = tuple(
            (
                Cell(text=action.id, bold=True),
                Cell(text=action.text),
                *(_verdict(verdicts.get((action.id, d.document.id))) for d in view.documents),
            )
            for action in actions.values()
        )
        if not rows:
            continue
        yield Table(
            caption=f"{chapter.objective.number} {chapter.objective.label}",
            head=(_(words.COLUMNS["action"]), chapter.objective.label, *keys),
            rows=rows,
            widths=(0.08, 0.92 - column * len(keys), *([column] * len(keys))),
        )


def _verdict(row: Row | None) -> Cell:
    """Return a verdict as a sign; an empty cell where a report has none."""
    if row is None:
        return Cell(text="")
    text = row.state.sign
    if row.item.level is None:
        text += f" {int(row.item.suggested)}?"
    flag = row.item.contradiction.value
    return Cell(text=f"{text} {words.FLAG_SIGN.get(flag, '')}".strip(), state=row.state.key)


def manifest(report: Report, framework: Framework) -> Iterator[Part]:
    """Tell what made the report."""
    yield heading(1, "manifest")
    yield Paragraph(pieces=plain(_(words.MANIFEST_NOTE).format(source=framework.source)))
    yield Table(
        caption=_(words.HEADINGS["manifest"]),
        head=(_(words.COLUMNS["name"]), _(words.COLUMNS["value"])),
        rows=tuple(
            (Cell(text=name, bold=True), Cell(text=value))
            for name, value in wording.manifest(report.run)
        ),
        widths=(0.3, 0.7),
    )
