"""Write every file of a report into one folder, each whole or not at all."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from gcm_align.errors import UsageError
from gcm_align.files import replace_file

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


def render_all(report: Report, framework: Framework) -> dict[str, bytes]:
    """Return the bytes of each file by its name; the same report gives the same bytes."""
    # pandas, XlsxWriter and Jinja2 load here: `gcm-align explain` needs none of them.
    from gcm_align.reporting.canonical_json import to_json
    from gcm_align.reporting.html import to_html
    from gcm_align.reporting.tables import evidence_csv, gaps_csv, matrix_csv
    from gcm_align.reporting.workbook import to_xlsx

    texts = {
        "report.json": to_json(report),
        "matrix.csv": matrix_csv(report, framework),
        "evidence.csv": evidence_csv(report),
        "gaps.csv": gaps_csv(report, framework),
        "report.html": to_html(report, framework),
    }
    # A PDF's broken font map can give half a surrogate pair, which UTF-8 cannot hold.
    files = {name: text.encode("utf-8", "replace") for name, text in texts.items()}
    return files | {"matrix.xlsx": to_xlsx(report, framework)}


def write_report(report: Report, framework: Framework, out_dir: Path) -> tuple[Path, ...]:
    """
    Write report.html, report.json, matrix.csv, matrix.xlsx, gaps.csv and evidence.csv.

    Everything is rendered first; then each file replaces the old one in a single step, so
    that an interrupted run leaves no half file.

    Args:
        report: What align() returned.
        framework: The framework that the report was made with.
        out_dir: The folder; made if it is not there.

    Returns:
        The paths written, the HTML first.

    Raises:
        UsageError: The folder cannot be written to.
    """
    prepare_folder(out_dir)
    files = render_all(report, framework)
    order = ("report.html", "report.json", "matrix.csv", "matrix.xlsx", "gaps.csv", "evidence.csv")
    return tuple(write_file(out_dir / name, files[name]) for name in order)


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
