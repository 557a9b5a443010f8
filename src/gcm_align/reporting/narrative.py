"""The narrative report, told from the view: the same figures and words as the HTML.

Contradictions come before the chapters, each chapter's counter-provisions before what it
finds. Nothing is counted here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from gcm_align.gaps import page_words
from gcm_align.reporting import narrative_wording as words
from gcm_align.reporting import wording
from gcm_align.reporting.narrative_back import annex, heading, manifest, method, unread
from gcm_align.reporting.narrative_chapters import chapters, counter_parts
from gcm_align.reporting.narrative_figures import figures_table, messages
from gcm_align.reporting.numbers import percent
from gcm_align.reporting.pictures import draw_pictures
from gcm_align.reporting.story import (
    Cell,
    Heading,
    Paragraph,
    Part,
    Piece,
    Story,
    StoryWords,
    Style,
    Table,
    plain,
)
from gcm_align.reporting.view import View, build_view
from gcm_align.translating import gettext as _
from gcm_align.translating import language
from gcm_align.types import Contradiction

if TYPE_CHECKING:
    from gcm_align.catalogue import Framework
    from gcm_align.reporting.story import Picture
    from gcm_align.types import Report


def tell(report: Report, framework: Framework) -> Story:
    """Return the whole narrative; the same report gives the same story."""
    view = build_view(report, framework)
    pictures = draw_pictures(view)
    title = _title(report)
    status, note = wording.calibration(report.run)
    return Story(
        kicker=framework.name,
        title=title,
        subtitle=_(words.SUBTITLE).format(
            actions=len(framework.actions), objectives=len(framework.objectives)
        ),
        facts=_facts(report),
        banner=(
            Piece(text=f"{_(wording.SUGGESTIONS)} ", bold=True),
            Piece(text=_(words.BANNER).format(status=status, note=note)),
        ),
        language=language(),
        date=report.run.started,
        words=StoryWords(
            contents=_(words.CONTENTS),
            page_of=_(words.PAGE_OF),
            running_head=_(words.RUNNING_HEAD).format(framework=framework.name, title=title),
        ),
        parts=tuple(_parts(report, framework, view, pictures)),
    )


def _parts(
    report: Report, framework: Framework, view: View, pictures: Sequence[Picture]
) -> Iterator[Part]:
    yield from messages(report, framework, view)
    yield from _documents(report, view)
    yield from _overview(view, pictures)
    yield from _contradictions(view)
    yield from chapters(report, framework, view)
    yield from _principles(view)
    yield from method(report, framework)
    yield from unread(report)
    yield from annex(framework, view)
    yield from manifest(report, framework)


def _title(report: Report) -> str:
    if len(report.documents) == 1:
        only = report.documents[0]
        return only.title or only.name
    return _(words.TITLE_MANY).format(count=len(report.documents))


def _facts(report: Report) -> tuple[tuple[str, str], ...]:
    documents = "; ".join(document.name for document in report.documents)
    pages = sum(document.quality.pages for document in report.documents)
    return (
        (_(words.FACTS["documents"]), documents),
        (_(words.FACTS["pages"]), str(pages)),
        (_(words.FACTS["date"]), report.run.started[:10]),
        (_(words.FACTS["version"]), _(words.MADE_WITH).format(package=report.run.package)),
        (_(words.FACTS["schema"]), report.schema_version),
    )


def _documents(report: Report, view: View) -> Iterator[Part]:
    yield heading(1, "documents")
    names = ("document", "title", "language", "pages", "read", "passages")
    rows = tuple(
        (
            Cell(text=d.figures.label, bold=True),
            Cell(text=d.document.title),
            Cell(text=d.document.language),
            Cell(text=str(d.document.quality.pages)),
            Cell(
                text=f"{d.document.quality.pages_read} ({percent(d.document.quality.share_read)})"
            ),
            Cell(text=str(d.document.passages)),
        )
        for d in view.documents
    )
    yield Table(
        caption=_(words.HEADINGS["documents"]),
        head=tuple(_(words.COLUMNS[name]) for name in names),
        rows=rows,
        widths=(0.25, 0.29, 0.11, 0.09, 0.14, 0.12),
        numbers=frozenset({3, 4, 5}),
    )
    yield Paragraph(pieces=plain(_(words.SHARE_READ_NOTE)), style=Style.NOTE)
    if report.skipped:
        paths = ", ".join(item.path for item in report.skipped)
        yield Paragraph(pieces=plain(_(words.SKIPPED).format(paths=paths)))


def _overview(view: View, pictures: Sequence[Picture]) -> Iterator[Part]:
    yield heading(1, "overview")
    by_name = {picture.name: picture for picture in pictures}
    for name in ("measures", "round-tables", "heatmap"):
        if name in by_name:
            yield by_name[name]
    for number, document in enumerate(view.documents, start=1):
        yield Heading(
            level=2,
            text=_(words.HEADINGS["figures_of"]).format(label=document.figures.label),
            anchor=f"figures-{number}",
        )
        yield by_name[f"levels-{number}"]
        yield figures_table(document, view)
        yield Paragraph(pieces=plain(_(words.LEVELS_NOTE)), style=Style.NOTE)


def _contradictions(view: View) -> Iterator[Part]:
    yield heading(1, "contradictions")
    yield Paragraph(pieces=plain(_(words.COUNTER_NOTE)))
    flagged = view.flagged(Contradiction.CONTRADICTION) + view.flagged(Contradiction.TENSION)
    if not flagged:
        yield Paragraph(pieces=plain(_(words.NO_FLAG)))
    yield from counter_parts(flagged, many=len(view.documents) > 1)


def _principles(view: View) -> Iterator[Part]:
    if not view.principles:
        return
    yield heading(1, "principles")
    yield Paragraph(pieces=plain(_(wording.PRINCIPLES_WHEN)))
    rows = []
    for row in view.principles:
        for document, finding in zip(view.documents, row.findings, strict=True):
            told = "" if finding is None else _(wording.PRESENT_NAMES[finding.present])
            if finding is not None and finding.evidence:
                first = finding.evidence[0]
                told = _(words.PRINCIPLE_FOUND).format(
                    name=told, passages=finding.passages, quote=first.quote, place=page_words(first)
                )
            rows.append(
                (
                    Cell(text=row.principle.name, bold=True),
                    Cell(text=document.figures.label),
                    Cell(text=told),
                )
            )
    yield Table(
        caption=_(words.HEADINGS["principles"]),
        head=tuple(_(words.COLUMNS[name]) for name in ("principle", "document", "clause")),
        rows=tuple(rows),
        widths=(0.22, 0.22, 0.56),
    )
