"""What is compared: documents of reports, and whether the reports can stand side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from gcm_align.errors import ReportError
from gcm_align.reviewed import counting, marks_of
from gcm_align.types import Assessment, DocumentSummary, Report, ReviewMark

if TYPE_CHECKING:
    from gcm_align.catalogue import Framework

UNNAMED = "not named"


@dataclass(frozen=True, kw_only=True)
class Source:
    """One document under the name that every output prints; ids repeat between reports."""

    label: str
    document: DocumentSummary
    assessments: Mapping[str, Assessment]  # by the action's id
    # By the action's id: the reviews that decide a level, with the machine's own.
    reviews: Mapping[str, ReviewMark] = field(default_factory=dict)

    @cached_property
    def whole(self) -> bool:
        """Whether every page was read, so that what was not found is not there."""
        quality = self.document.quality
        return not quality.pages_unread and not quality.stopped_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One report under its name: a country with its documents, or a draft with one."""

    label: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """Something that made the verdicts and is not the same in every report."""

    what: str  # package, schema, encoder, calibrator or settings
    values: tuple[str, ...]  # one for each report, in the order given


def parties_of(reports: Mapping[str, Report], framework: Framework) -> tuple[Party, ...]:
    """
    Return the reports as parties, in the order given.

    Args:
        reports: Reports by the name to print; names are distinct.
        framework: The catalogue that all of them must be made with.

    Raises:
        ReportError: A report was made with another catalogue, or holds no document.
    """
    parties = []
    for name, report in reports.items():
        _check(name, report, framework)
        parties.append(Party(label=name, sources=_sources(name, report)))
    return tuple(parties)


def mismatches(reports: Sequence[Report]) -> tuple[Mismatch, ...]:
    """Return what may explain a difference that is none of the texts."""
    made = {
        "package": [report.run.package for report in reports],
        "schema": [report.schema_version for report in reports],
        "encoder": [_artifact(report.run.encoder) for report in reports],
        "calibrator": [_artifact(report.run.calibrator) for report in reports],
        "settings": _settings([report.run.settings for report in reports]),
    }
    return tuple(
        Mismatch(what=what, values=tuple(values))
        for what, values in made.items()
        if len(set(values)) > 1
    )


def _check(name: str, report: Report, framework: Framework) -> None:
    found = report.run.catalogue.get("sha256", UNNAMED)
    if found != framework.sha256:
        raise ReportError(
            f"{name} cannot be compared: it was made with another catalogue",
            value=f"{report.run.catalogue.get('name', UNNAMED)} (sha256 {found[:12]})",
            expected=f"{framework.name} (sha256 {framework.sha256[:12]})",
            hint="Make the report again with this catalogue, or give its own with --framework.",
        )
    if not report.documents:
        raise ReportError(
            f"{name} cannot be compared: it holds no document that was read",
            value=f"{len(report.skipped)} skipped files",
            expected="at least one assessed document",
            hint="See its list of skipped files, and analyse a readable copy.",
        )


def _sources(name: str, report: Report) -> tuple[Source, ...]:
    names = [document.name for document in report.documents]
    decided = {key: counting(marks) for key, marks in marks_of(report).items()}
    return tuple(
        Source(
            label=_under(name, document.name)
            if names.count(document.name) == 1
            else f"{_under(name, document.name)} [{document.id}]",
            document=document,
            assessments={
                item.action: item for item in report.assessments if item.document_id == document.id
            },
            reviews={
                action: mark
                for (document_id, action), mark in decided.items()
                if mark is not None and document_id == document.id
            },
        )
        for document in report.documents
    )


def _artifact(values: Mapping[str, str]) -> str:
    """Return an artefact's name with as much of its digest as tells two apart."""
    return f"{values.get('name', UNNAMED)} ({values.get('sha256', UNNAMED)[:12]})"


def _settings(settings: Sequence[Mapping[str, object]]) -> list[str]:
    """Return of each report the settings that are not the same in all of them."""
    names = sorted({name for values in settings for name in values})
    differ = [n for n in names if len({str(values.get(n, UNNAMED)) for values in settings}) > 1]
    return [", ".join(f"{n}={values.get(n, UNNAMED)}" for n in differ) for values in settings]


def _under(name: str, document: str) -> str:
    """Return a document under its report's name; one that is called the same is named once."""
    return document if name == document else f"{name}: {document}"
