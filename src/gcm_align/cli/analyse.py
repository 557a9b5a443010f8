"""``gcm-align analyse``: documents in, reports out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gcm_align.cli.options import (
    CacheOption,
    FormatOption,
    FrameworkOption,
    ModelOption,
    NoCacheOption,
)
from gcm_align.errors import EXIT_UNASSESSED

if TYPE_CHECKING:
    from gcm_align.pipeline import Alignment, StageProgress

STAGES = {"read": "Reading", "encode": "Encoding", "assess": "Assessing"}


def analyse(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Policies or laws: PDF, Markdown or plain text."),
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="DIR", help="Folder for the reports.")
    ],
    formats: FormatOption = "html,json,csv,xlsx",
    framework: FrameworkOption = None,
    model: ModelOption = "default",
    cache_dir: CacheOption = None,
    no_cache: NoCacheOption = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print errors only; no progress, no summary.")
    ] = False,
) -> None:
    """Assess documents and write report.html, report.json, matrix.csv/.xlsx and the evidence;
    --format asks for more.

    A file that cannot be read is named; the others still finish, and the exit code is 3.
    """
    from gcm_align.catalogue import load_catalogue
    from gcm_align.pipeline import align
    from gcm_align.reporting import parse_formats, prepare_folder, write_annotated, write_report
    from gcm_align.reporting.formats import ANNOTATED, not_pdf, pdf_sources

    refused: Sequence[Exception] = ()
    loaded = load_catalogue(framework)
    wanted = parse_formats(formats)
    prepare_folder(out)
    with _progress_bars(quiet=quiet) as progress:
        result = align(
            files,
            framework=loaded,
            model=model,
            cache_dir=cache_dir,
            use_cache=not no_cache,
            progress=progress,
        )
    if result.report.documents:
        written = write_report(result.report, loaded, out, wanted)
        if ANNOTATED in wanted:
            marked, refused = write_annotated(
                result.report, loaded, out, pdf_sources(result.report, files)
            )
            written += marked
            for name in not_pdf(result.report):
                typer.echo(f"Not annotated, for it is no PDF: {name}", err=True)
        if not quiet:
            _print_summary(result, written, out)
    for item in result.report.skipped:
        typer.echo(f"Error: {item.message}", err=True)
    for error in refused:
        typer.echo(f"Error: not annotated: {error}", err=True)
    if result.report.skipped or refused:
        raise typer.Exit(EXIT_UNASSESSED)


@contextmanager
def _progress_bars(*, quiet: bool) -> Iterator[StageProgress | None]:
    """Show one bar a stage on a terminal; nothing when quiet."""
    if quiet:
        yield None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TaskID,
        TextColumn,
        TimeElapsedColumn,
    )

    columns = (
        TextColumn("{task.description:<10}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def update(stage: str, done: int, total: int) -> None:
            if stage not in tasks or (done <= 1 and bars.tasks[tasks[stage]].finished):
                tasks[stage] = bars.add_task(STAGES[stage], total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield update


def _print_summary(result: Alignment, written: tuple[Path, ...], out: Path) -> None:
    """Print one screen: what was read, what was found, where it is."""
    from rich.console import Console

    from gcm_align.reporting.summary import summary_table

    console = Console()
    for renderable in summary_table(result.report, result.framework):
        console.print(renderable)
    names = ", ".join(path.relative_to(out).as_posix() for path in written)
    console.print("Written:", names, "in", str(out))
