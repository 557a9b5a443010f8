"""A comparison to files: one record of what is compared, and the writer of its three files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gcm_align.comparing.changes import DraftComparison
from gcm_align.comparing.countries import CountryComparison, compare_countries
from gcm_align.comparing.documents import DocumentComparison, compare_documents
from gcm_align.comparing.drafts import compare_drafts
from gcm_align.comparing.sources import Mismatch, Party, mismatches, parties_of
from gcm_align.errors import UsageError
from gcm_align.reporting.writing import prepare_folder, write_file

if TYPE_CHECKING:
    from gcm_align.catalogue import Framework
    from gcm_align.types import Report

LEAST_REPORTS = 2
Compared = DraftComparison | DocumentComparison | CountryComparison


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All that a renderer of a comparison needs."""

    mode: str  # drafts, documents or countries
    result: Compared
    parties: tuple[Party, ...]
    reports: Mapping[str, Report]  # by the party's label, in the order given
    mismatches: tuple[Mismatch, ...]
    framework: Framework


def compared(
    reports: Mapping[str, Report], framework: Framework, *, mode: str | None = None
) -> Comparison:
    """
    Compare reports.

    Args:
        reports: Reports by the name to print, in the order to print them.
        framework: The catalogue that they were made with.
        mode: drafts, documents or countries. Where left out: drafts for exactly two reports
            of one document each, documents otherwise.

    Raises:
        ReportError: Another catalogue, or a report without a document.
        UsageError: The reports are too few, or cannot be read as two drafts.
    """
    several = any(len(report.documents) > 1 for report in reports.values())
    if len(reports) < LEAST_REPORTS and (mode in ("drafts", "countries") or not several):
        raise UsageError(
            "Nothing can be compared",
            value=f"{len(reports)} report",
            expected="two reports or more, or one of several documents",
            hint="Give another report.json.",
        )
    parties = parties_of(reports, framework)
    drafts = len(parties) == LEAST_REPORTS and all(len(p.sources) == 1 for p in parties)
    mode = mode or ("drafts" if drafts else "documents")
    if mode == "drafts" and not drafts:
        raise UsageError(
            "The reports cannot be compared as drafts",
            value=", ".join(f"{p.label} ({len(p.sources)} documents)" for p in parties),
            expected="two reports, the old and the new draft, of one document each",
            hint="Use --as documents or --as countries, or analyse each draft by itself.",
        )
    return Comparison(
        mode=mode,
        result=_result(mode, parties, framework),
        parties=parties,
        reports=reports,
        mismatches=mismatches(tuple(reports.values())),
        framework=framework,
    )


def _result(mode: str, parties: tuple[Party, ...], framework: Framework) -> Compared:
    sources = [source for party in parties for source in party.sources]
    if mode == "drafts":
        return compare_drafts(sources[0], sources[1], framework)
    if mode == "documents":
        return compare_documents(sources, framework)
    return compare_countries(parties, framework)


def render_comparison(comparison: Comparison) -> dict[str, bytes]:
    """Return the bytes of each file by its name; the same reports give the same bytes."""
    from gcm_align.reporting.compare_html import comparison_html
    from gcm_align.reporting.compare_tables import comparison_frame
    from gcm_align.reporting.compare_workbook import comparison_xlsx
    from gcm_align.reporting.tables import csv_text

    texts = {
        "comparison.html": comparison_html(comparison),
        "comparison.csv": csv_text(comparison_frame(comparison.result)),
    }
    # A PDF's broken font map can give half a surrogate pair, which UTF-8 cannot hold.
    files = {name: text.encode("utf-8", "replace") for name, text in texts.items()}
    return files | {"comparison.xlsx": comparison_xlsx(comparison)}


def write_comparison(comparison: Comparison, out_dir: Path) -> tuple[Path, ...]:
    """
    Write comparison.html, comparison.csv and comparison.xlsx, each whole or not at all.

    Raises:
        UsageError: The folder cannot be written to.
    """
    prepare_folder(out_dir)
    files = render_comparison(comparison)
    return tuple(write_file(out_dir / name, content) for name, content in files.items())
