"""Why an action got its verdict, as plain text for a terminal."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING

from gcm_align.coverage import section_text
from gcm_align.errors import ReportError
from gcm_align.figures import confidence, document_labels
from gcm_align.gaps import elements, find_gaps, page_words
from gcm_align.reporting.marks import state_of
from gcm_align.reporting.wording import FLAG_WHEN, SUGGESTIONS, calibration, level_chances

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
    status, note = calibration(report.run)
    lines += ["", _paragraph(f"{SUGGESTIONS} Calibration: {status}. {note}", indent=0)]
    return "\n".join(lines)


def _verdict(
    item: Assessment, action: Action, document: DocumentSummary, label: str
) -> Iterator[str]:
    state = state_of(item, action)
    yield f"{label} ({document.language}, {document.quality.pages} pages)"
    suggested = (
        f" (suggested: {item.suggested:d} {item.suggested.label})" if item.level is None else ""
    )
    yield f"  Level: {state.sign} {state.name}{suggested}"
    yield f"  Why: {item.reason}"
    if item.contradiction:
        yield _paragraph(f"{item.contradiction.value}: {FLAG_WHEN[item.contradiction]}")
    yield (
        f"  Probability above gap: {item.probability:.2f}; confidence {confidence(item)}; "
        f"status {item.status}"
    )
    if item.probabilities:
        yield f"  Of the levels: {level_chances(item)}"
    for name, missing in (("found", False), ("not found", True)):
        listed = elements(action, item.elements_found, missing=missing)
        if listed:
            yield _paragraph(f"Core elements {name}: {'; '.join(listed)}")
    for kind in sorted(item.delivery):
        yield f"  Delivery, {kind}: {item.delivery[kind]}"
    for title, group in (
        ("Counter-provision", item.counter_evidence),
        ("Evidence", item.evidence),
        ("Nearest clause", (item.nearest,) if item.nearest else ()),
    ):
        for evidence in group:
            yield from _passage(title, evidence)


def _neighbours(item: Assessment, framework: Framework) -> Iterator[str]:
    """Name the other actions that the first passage comes near to, and what decides."""
    shown = item.evidence or ((item.nearest,) if item.nearest else ())
    if not shown or not shown[0].runners_up:
        return
    yield ""
    yield "  Runners-up: other actions that this passage comes near to"
    own = item.evidence[0].score if item.evidence else shown[0].score
    for other in shown[0].runners_up:
        ahead = ", nearer than this one" if other.score > own else ""
        text = framework.action(other.action).text
        yield fill(
            f"{other.action}  {text} (score {other.score:.2f}{ahead})",
            WIDTH,
            initial_indent="    ",
            subsequent_indent="          ",
        )
    near = {other.action for other in shown[0].runners_up}
    rules = [group for group in framework.neighbours(item.action) if near & set(group.ids)]
    for group in rules:
        yield _paragraph(f"What decides ({group.title}): {group.rule}")


def _passage(title: str, evidence: Evidence) -> Iterator[str]:
    yield ""
    yield f"  {title}, {page_words(evidence)}"
    if evidence.section:
        yield f"    Section: {section_text(evidence.section)}"
    yield fill(f"“{evidence.quote}”", WIDTH, initial_indent="    ", subsequent_indent="    ")
    words = f" ({', '.join(evidence.force_words)})" if evidence.force_words else ""
    parts = ", ".join(f"{name} {evidence.parts[name]:.2f}" for name in sorted(evidence.parts))
    yield f"    Force: {evidence.force.value}{words}; level alone: {evidence.level:d}"
    yield f"    Score: {evidence.score:.2f}" + (f" ({parts})" if parts else "")
    if not evidence.verified:
        yield "    The quote was not confirmed by a second reader: check the page."
    if evidence.confidence is not None:
        yield f"    Read by OCR, confidence {evidence.confidence:.2f}"


def _paragraph(text: str, indent: int = 2) -> str:
    return fill(text, WIDTH, initial_indent=" " * indent, subsequent_indent=" " * indent)
