"""``gcm-align compare``: reports in, their differences out."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gcm_align.cli.options import FrameworkOption
from gcm_align.errors import UsageError

if TYPE_CHECKING:
    from gcm_align.reporting.comparisons import Comparison


class Mode(StrEnum):
    """What the reports are to each other."""

    DRAFTS = "drafts"
    DOCUMENTS = "documents"
    COUNTRIES = "countries"


def compare(
    reports: Annotated[
        list[Path],
        typer.Argument(
            metavar="REPORT...", help="report.json files, or the folders that hold them, in order."
        ),
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="DIR", help="Folder for the comparison.")
    ],
    mode: Annotated[
        Mode | None,
        typer.Option(
            "--as",
            help="What the reports are to each other. Default: drafts (old, new) for exactly two "
            "reports of one document each; documents otherwise. Countries are never ranked.",
        ),
    ] = None,
    framework: FrameworkOption = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print errors and warnings only.")
    ] = False,
) -> None:
    """Compare reports: two drafts of a text, documents of one country, or countries.

    Writes comparison.html, comparison.csv and comparison.xlsx. Reports of another catalogue
    are refused; other models or settings are warned of.
    """
    from gcm_align.catalogue import load_catalogue
    from gcm_align.reporting import prepare_folder, read_report
    from gcm_align.reporting.compare_wording import warnings
    from gcm_align.reporting.comparisons import compared, write_comparison

    loaded = load_catalogue(framework)
    found = {name: read_report(path) for name, path in named_reports(reports).items()}
    comparison = compared(found, loaded, mode=mode.value if mode else None)
    prepare_folder(out)
    written = write_comparison(comparison, out)
    if quiet:
        for words in warnings(comparison.mismatches, comparison.reports):
            typer.echo(f"Warning: {words}", err=True)
    else:
        _print(comparison, written)


def named_reports(paths: list[Path]) -> dict[str, Path]:
    """
    Return the reports by a short name: the file's, or its folder's where files are all alike.

    Raises:
        UsageError: A report is given twice.
    """
    files = [path / "report.json" if path.is_dir() else path for path in paths]
    names = [
        path.resolve().parent.name if path.name == "report.json" else path.stem for path in files
    ]
    if len(set(names)) < len(names):
        names = [str(path) for path in files]
    if len(set(names)) < len(names):
        raise UsageError(
            "A report is given twice",
            value=next(name for name in names if names.count(name) > 1),
            expected="each report once",
            hint="Leave one out.",
        )
    return dict(zip(names, files, strict=True))


def _print(comparison: Comparison, written: tuple[Path, ...]) -> None:
    from rich.console import Console

    from gcm_align.reporting.compare_text import comparison_summary

    console = Console()
    for renderable in comparison_summary(comparison):
        console.print(renderable)
    console.print(
        "Written:", ", ".join(path.name for path in written), "in", str(written[0].parent)
    )
