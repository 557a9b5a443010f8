"""The forms of a report by name: which files each makes, and what it needs for that.

A library loads only when its form is asked for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from gcm_align.errors import UsageError
from gcm_align.reading.sniffing import PDF

if TYPE_CHECKING:
    from gcm_align.catalogue import Framework
    from gcm_align.reporting.story import Story
    from gcm_align.types import Report

ANNOTATED = "annotated"  # made from the sources, not from the report alone
DEFAULT_FORMATS = ("html", "json", "csv", "xlsx")


@dataclass(frozen=True, kw_only=True)
class Rendering:
    """A report to be rendered; what several forms need is made once."""

    report: Report
    framework: Framework

    @cached_property
    def story(self) -> Story:
        """The narrative with its figures drawn."""
        from gcm_align.reporting.narrative import tell

        return tell(self.report, self.framework)


def _html(job: Rendering) -> dict[str, bytes]:
    from gcm_align.reporting.html import to_html

    return {"report.html": _encoded(to_html(job.report, job.framework))}


def _json(job: Rendering) -> dict[str, bytes]:
    from gcm_align.reporting.canonical_json import to_json

    return {"report.json": _encoded(to_json(job.report))}


def _csv(job: Rendering) -> dict[str, bytes]:
    from gcm_align.reporting.tables import csv_text
    from gcm_align.reporting.wide_tables import all_frames

    frames = all_frames(job.report, job.framework)
    return {f"{name}.csv": _encoded(csv_text(frame)) for name, frame in frames.items()}


def _xlsx(job: Rendering) -> dict[str, bytes]:
    from gcm_align.reporting.workbook import to_xlsx

    return {"matrix.xlsx": to_xlsx(job.report, job.framework)}


def _docx(job: Rendering) -> dict[str, bytes]:
    from gcm_align.reporting.docx_report import docx_of

    return {"report.docx": docx_of(job.story)}


def _pdf(job: Rendering) -> dict[str, bytes]:
    from gcm_align.reporting.pdf_report import pdf_of

    return {"report.pdf": pdf_of(job.story)}


def _figures(job: Rendering) -> dict[str, bytes]:
    from gcm_align.reporting.story import Picture

    files: dict[str, bytes] = {}
    for part in job.story.parts:
        if isinstance(part, Picture):
            files[f"figures/{part.name}.png"] = part.png
            files[f"figures/{part.name}.svg"] = part.svg
            files[f"figures/{part.name}.txt"] = _encoded(f"{part.caption}\n{part.alt}\n")
    return files


def _parquet(job: Rendering) -> dict[str, bytes]:
    from gcm_align.reporting.parquet import to_parquet
    from gcm_align.reporting.wide_tables import all_frames

    frames = all_frames(job.report, job.framework)
    return {f"{name}.parquet": to_parquet(frame) for name, frame in frames.items()}


# In the order in which the files are named at the end of a run.
FORMATS: Mapping[str, Callable[[Rendering], dict[str, bytes]]] = {
    "html": _html,
    "docx": _docx,
    "pdf": _pdf,
    "json": _json,
    "csv": _csv,
    "xlsx": _xlsx,
    "parquet": _parquet,
    "figures": _figures,
}


def parse_formats(text: str) -> tuple[str, ...]:
    """
    Return the forms that a list with commas names, each once, in the order of the files.

    Raises:
        UsageError: A name is unknown, or there is none.
    """
    known = (*FORMATS, ANNOTATED)
    asked = [name.strip().lower() for name in text.split(",") if name.strip()]
    wrong = [name for name in asked if name not in known]
    if wrong or not asked:
        raise UsageError(
            "There is no such format",
            value=", ".join(wrong) or repr(text),
            expected=f"one or more of {', '.join(known)}",
            hint="Separate several with commas: --format html,docx.",
        )
    return tuple(name for name in known if name in asked)


def load_formats(formats: Sequence[str] = DEFAULT_FORMATS) -> None:
    """Load what the usual forms are made with now, else the first report does it."""
    if "html" in formats:
        from gcm_align.reporting.html import load_templates

        load_templates()
    if "csv" in formats:
        from gcm_align.reporting import tables, wide_tables  # noqa: F401
    if "xlsx" in formats:
        from gcm_align.reporting import workbook  # noqa: F401


def render_all(
    report: Report, framework: Framework, formats: Sequence[str] = DEFAULT_FORMATS
) -> dict[str, bytes]:
    """Return the bytes of each file by its path in the folder."""
    job = Rendering(report=report, framework=framework)
    files: dict[str, bytes] = {}
    for name, make in FORMATS.items():
        if name in formats:
            files |= make(job)
    return files


def pdf_sources(report: Report, files: Sequence[Path]) -> tuple[Path, ...]:
    """Return those of the files that the report is on and that are PDFs."""
    digests = {d.sha256 for d in report.documents if d.media_type == PDF}
    return tuple(path for path in files if path.is_file() and _sha256(path) in digests)


def not_pdf(report: Report) -> tuple[str, ...]:
    """Return the names of the documents that cannot be annotated, being no PDFs."""
    return tuple(d.name for d in report.documents if d.media_type != PDF)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _encoded(text: str) -> bytes:
    # A PDF's broken font map can give half a surrogate pair, which UTF-8 cannot hold.
    return text.encode("utf-8", "replace")
