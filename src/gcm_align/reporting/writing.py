"""Write every file of a report into one folder, each whole or not at all."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gcm_align.errors import GcmAlignError, UnreadableFileError, UsageError
from gcm_align.files import replace_file
from gcm_align.reporting.formats import ANNOTATED, DEFAULT_FORMATS, render_all

if TYPE_CHECKING:
    from gcm_align.catalogue import Framework
    from gcm_align.types import Report


def prepare_folder(out_dir: Path) -> None:
    """
    Make the folder for the reports, before any long work starts.

    Raises:
        UsageError: The path is a file, or the folder cannot be made or written to.
    """
    try:
        out_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out_dir):
            pass
    except OSError as error:
        raise UsageError(
            "The reports cannot be written",
            value=f"{out_dir} ({error.strerror})",
            expected="a folder that can be written to",
            hint="Give another folder with --out.",
        ) from error


def write_report(
    report: Report,
    framework: Framework,
    out_dir: Path,
    formats: Sequence[str] = DEFAULT_FORMATS,
) -> tuple[Path, ...]:
    """
    Write a report in the forms asked for: report.html, report.json, matrix.xlsx and the tables.

    Everything is rendered first; then each file replaces the old one in a single step, so
    that an interrupted run leaves no half file.

    Args:
        report: What align() returned.
        framework: The framework that the report was made with.
        out_dir: The folder; made if it is not there.
        formats: Names of formats.FORMATS; see there for the files of each.

    Returns:
        The paths written, the HTML first.

    Raises:
        UsageError: The folder cannot be written to.
    """
    prepare_folder(out_dir)
    files = render_all(report, framework, formats)
    for folder in {(out_dir / name).parent for name in files} - {out_dir}:
        prepare_folder(folder)
    return tuple(write_file(out_dir / name, content) for name, content in files.items())


def write_annotated(
    report: Report, framework: Framework, out_dir: Path, sources: Sequence[Path]
) -> tuple[tuple[Path, ...], tuple[GcmAlignError, ...]]:
    """
    Write each PDF among the sources with its evidence marked, into a folder of their own.

    A source that cannot be annotated stops no other.

    Args:
        report: The report on the sources.
        framework: The framework that the report was made with.
        out_dir: The folder of the report; the copies go to its folder ``annotated``.
        sources: The files that were analysed, and only those: their sha256 is checked.

    Returns:
        The paths written, and why each of the others was not.

    Raises:
        UsageError: The folder cannot be written to.
    """
    from gcm_align.reporting.marked_pdf import document_of, to_marked_pdf

    folder = out_dir / ANNOTATED
    prepare_folder(folder)
    written: list[Path] = []
    refused: list[GcmAlignError] = []
    for source in sources:
        try:
            data = _bytes_of(source)
            content = to_marked_pdf(report, framework, data, source.name)
            name = file_name(document_of(report, data, source.name).id)
        except GcmAlignError as error:
            refused.append(error)
        else:
            written.append(write_file(folder / name, content))
    return tuple(written), tuple(refused)


def file_name(document_id: str) -> str:
    """Return the name of a document's annotated copy, safe on every system."""
    stem = re.sub(r"\.pdf$", "", document_id, flags=re.IGNORECASE)
    return re.sub(r"[^\w.-]+", "-", stem).strip(".-") + ".pdf"


def _bytes_of(source: Path) -> bytes:
    try:
        return source.read_bytes()
    except OSError as error:
        raise UnreadableFileError(
            "A source cannot be read",
            value=f"{source} ({error.strerror})",
            expected="the file that was analysed",
            hint="Check the path and its permissions.",
        ) from error


def write_file(path: Path, content: bytes) -> Path:
    """Write a file whole, in a single step; a half file is never seen."""
    try:
        replace_file(path, content)
    except OSError as error:
        raise UsageError(
            "A report file cannot be written",
            value=f"{path} ({error.strerror})",
            expected="a file that can be replaced",
            hint="Close the program that has it open, or give another folder with --out.",
        ) from error
    return path
