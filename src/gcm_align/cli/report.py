"""``gcm-align report``: a saved report in, its other forms out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gcm_align.cli.options import FormatOption, FrameworkOption
from gcm_align.errors import EXIT_UNASSESSED, ReportError, UsageError

if TYPE_CHECKING:
    from gcm_align.catalogue import Framework
    from gcm_align.types import Report


def report(
    saved: Annotated[
        Path, typer.Argument(metavar="REPORT", help="report.json, or the folder that holds it.")
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="DIR", help="Folder for the reports.")
    ],
    formats: FormatOption = "html,docx,pdf,csv,xlsx",
    source: Annotated[
        list[Path] | None,
        typer.Option(
            "--source",
            metavar="FILE",
            help="A PDF that the report is on, for annotated; once for each.",
        ),
    ] = None,
    framework: FrameworkOption = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")] = False,
) -> None:
    """Write a saved report again in other forms, without reading the documents again.

    annotated needs the PDFs themselves: --source FILE.pdf. Their sha256 is checked.
    """
    from gcm_align.catalogue import load_catalogue
    from gcm_align.reporting import parse_formats, read_report, write_annotated, write_report
    from gcm_align.reporting.formats import ANNOTATED

    wanted = parse_formats(formats)
    if (ANNOTATED in wanted) != bool(source):
        raise UsageError(
            "annotated and --source belong together",
            value="--source without annotated" if source else "annotated without --source",
            expected="--format annotated --source FILE.pdf",
            hint="Give the PDF that the report was made from, once for each.",
        )
    loaded = load_catalogue(framework)
    read = checked(read_report(saved / "report.json" if saved.is_dir() else saved), loaded)
    written = write_report(read, loaded, out, wanted)
    refused: Sequence[Exception] = ()
    if source:
        marked, refused = write_annotated(read, loaded, out, source)
        written += marked
    if not quiet:
        names = ", ".join(path.relative_to(out).as_posix() for path in written)
        typer.echo(f"Written: {names} in {out}" if written else "Nothing was written.")
    for error in refused:
        typer.echo(f"Error: not annotated: {error}", err=True)
    if refused:
        raise typer.Exit(EXIT_UNASSESSED)


def checked(read: Report, framework: Framework) -> Report:
    """
    Return a report after making sure that it was made with this framework.

    Raises:
        ReportError: It was made with another, or has verdicts on actions that this one lacks.
    """
    made = read.run.catalogue.get("sha256", "")
    if made != framework.sha256:
        raise ReportError(
            "The report was made with another framework",
            value=f"{read.run.catalogue.get('name', '?')} (sha256 {made[:12]})",
            expected=f"{framework.name} (sha256 {framework.sha256[:12]})",
            hint="Give the same --framework as when the report was made.",
        )
    return read
