"""Why an action got its verdict, as plain text for a terminal."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING

from gcm_align.coverage import section_text
from gcm_align.errors import ReportError
from gcm_align.figures import confidence, document_labels
from gcm_align.gaps import elements, find_gaps, page_words
from gcm_align.reporting.marks import state_of
from gcm_align.reporting.numbers import decimal
from gcm_align.reporting.wording import FLAG_WHEN, calibration_words, level_chances
from gcm_align.translating import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gcm_align.catalogue import Action, Framework
    from gcm_align.types import Assessment, DocumentSummary, Evidence, Report

WIDTH = 88


def explanation(report: Report, framework: Framework, action_id: str) -> str:
    """
    Say why an action got its verdict in each document of a report.

    Raises:
        ReportError: The report holds no verdict on the action.
    """
    action = framework.action(action_id)
    items = [item for item in report.assessments if item.action == action.id]
    if not items:
        raise ReportError(
            "The report has no verdict on the action",
            value=action_id,
            expected="an action of the framework that the report was made with",
            hint="Give the same --framework as when the report was made.",
        )
    labels = document_labels(report)
    narratives = {
        g.item.document_id: g.narrative for g in find_gaps([(i, action) for i in items], labels)
    }
    documents = {document.id: document for document in report.documents}
    lines = [fill(f"{action.id}  {action.text}", WIDTH, subsequent_indent="      ")]
    for item in items:
        lines += [
            "",
            *_verdict(item, action, documents[item.document_id], labels[item.document_id]),
            *_neighbours(item, framework),
        ]
        if narrative := narratives.get(item.document_id):
            lines += ["", _paragraph(narrative)]
    lines += ["", _paragraph(calibration_words(report.run), indent=0)]
    return "\n".join(lines)


def _verdict(
    item: Assessment, action: Action, document: DocumentSummary, label: str
) -> Iterator[str]:
    state = state_of(item, action)
    yield _("{label} ({language}, {pages} pages)").format(
        label=label, language=document.language, pages=document.quality.pages
    )
    level = f"{state.sign} {_(state.name)}"
    if item.level is None:
        level = _("{level} (suggested: {suggested})").format(
            level=level, suggested=f"{item.suggested:d} {_(item.suggested.label)}"
        )
    yield "  " + _("Level: {level}").format(level=level)
    yield "  " + _("Why: {reason}").format(reason=item.reason)
    if item.contradiction:
        yield _paragraph(f"{item.contradiction.value}: {_(FLAG_WHEN[item.contradiction])}")
    yield "  " + _(
        "Probability above gap: {probability}; confidence {confidence}; status {status}"
    ).format(
        probability=decimal(item.probability),
        confidence=_(confidence(item)),
        status=_(item.status),
    )
    if item.probabilities:
        yield "  " + _("Of the levels: {chances}").format(chances=level_chances(item))
    for told, missing in (
        (_("Core elements found: {elements}"), False),
        (_("Core elements not found: {elements}"), True),
    ):
        listed = elements(action, item.elements_found, missing=missing)
        if listed:
            yield _paragraph(told.format(elements="; ".join(listed)))
    for kind in sorted(item.delivery):
        yield "  " + _("Delivery, {kind}: {words}").format(kind=_(kind), words=item.delivery[kind])
    for title, group in (
        (_("Counter-provision"), item.counter_evidence),
        (_("Evidence"), item.evidence),
        (_("Nearest clause"), (item.nearest,) if item.nearest else ()),
    ):
        for evidence in group:
            yield from _passage(title, evidence)


def _neighbours(item: Assessment, framework: Framework) -> Iterator[str]:
    """Name the other actions that the first passage comes near to, and what decides."""
    shown = item.evidence or ((item.nearest,) if item.nearest else ())
    if not shown or not shown[0].runners_up:
        return
    yield ""
    yield "  " + _("Runners-up: other actions that this passage comes near to")
    own = item.evidence[0].score if item.evidence else shown[0].score
    for other in shown[0].runners_up:
        score = decimal(other.score)
        nearer = _("score {score}, nearer than this one").format(score=score)
        told = nearer if other.score > own else _("score {score}").format(score=score)
        yield fill(
            f"{other.action}  {framework.action(other.action).text} ({told})",
            WIDTH,
            initial_indent="    ",
            subsequent_indent="          ",
        )
    near = {other.action for other in shown[0].runners_up}
    rules = [group for group in framework.neighbours(item.action) if near & set(group.ids)]
    for group in rules:
        yield _paragraph(
            _("What decides ({title}): {rule}").format(title=group.title, rule=group.rule)
        )


def _passage(title: str, evidence: Evidence) -> Iterator[str]:
    yield ""
    yield f"  {title}, {page_words(evidence)}"
    if evidence.section:
        yield "    " + _("Section: {section}").format(section=section_text(evidence.section))
    yield fill(f"“{evidence.quote}”", WIDTH, initial_indent="    ", subsequent_indent="    ")
    words = f" ({', '.join(evidence.force_words)})" if evidence.force_words else ""
    parts = ", ".join(
        f"{_(name)} {decimal(evidence.parts[name])}" for name in sorted(evidence.parts)
    )
    yield "    " + _("Force: {force}; level alone: {level}").format(
        force=_(evidence.force.value) + words, level=int(evidence.level)
    )
    score = _("Score: {score}").format(score=decimal(evidence.score))
    yield f"    {score}" + (f" ({parts})" if parts else "")
    if not evidence.verified:
        yield "    " + _("The quote was not confirmed by a second reader: check the page.")
    if evidence.confidence is not None:
        yield "    " + _("Read by OCR, confidence {value}").format(
            value=decimal(evidence.confidence)
        )


def _paragraph(text: str, indent: int = 2) -> str:
    return fill(text, WIDTH, initial_indent=" " * indent, subsequent_indent=" " * indent)
