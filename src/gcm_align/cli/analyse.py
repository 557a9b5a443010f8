"""``gcm-align analyse``: documents in, reports out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
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
from gcm_align.cli.review import ReviewsOption, existing_store
from gcm_align.errors import EXIT_UNASSESSED, UsageError
from gcm_align.reading.sniffing import READ

if TYPE_CHECKING:
    from gcm_align.alignment import Alignment
    from gcm_align.pipeline import StageProgress

FILES_HELP = f"Policies or laws, or folders and ZIP archives of them: {READ}."
_NAMED = 8  # files beside documents that are named; the others are counted
STAGES = {"read": "Reading", "encode": "Encoding", "assess": "Assessing"}


def analyse(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help=FILES_HELP),
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="DIR", help="Folder for the reports.")
    ],
    formats: FormatOption = "html,json,csv,xlsx",
    framework: FrameworkOption = None,
    model: ModelOption = "default",
    cache_dir: CacheOption = None,
    no_cache: NoCacheOption = False,
    reviews: ReviewsOption = None,
    no_reviews: Annotated[
        bool, typer.Option("--no-reviews", help="The machine's verdicts alone.")
    ] = False,
    follows: Annotated[
        list[str] | None,
        typer.Option(
            "--follows",
            metavar="NEW=OLD",
            help="Document NEW follows OLD: its reviews are looked at too; may be repeated.",
        ),
    ] = None,
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
    from gcm_align.reading import collected
    from gcm_align.reporting import load_formats, parse_formats, prepare_folder
    from gcm_align.reviewing.applying import apply_reviews
    from gcm_align.settings import Settings

    loaded = load_catalogue(framework)
    wanted = parse_formats(formats)
    successors = _successors(follows or [])
    prepare_folder(out)
    store = None if no_reviews else existing_store(reviews)
    settings = Settings()
    with collected(files, settings) as found:
        with _progress_bars(quiet=quiet) as progress:
            result = align(
                found.sources,
                framework=loaded,
                model=model,
                settings=settings,
                cache_dir=cache_dir,
                use_cache=not no_cache,
                progress=progress,
                meanwhile=partial(load_formats, wanted),
            ).with_skipped(found.skipped)
        if store is not None:
            reviewed = apply_reviews(result.report, store, successors)
            result = replace(result, report=reviewed)
        sources = [source.path for source in found.sources]
        refused = _write(result, out, wanted, sources, quiet=quiet)
    if found.others:
        typer.echo(_others(found.others), err=True)
    for item in result.report.skipped:
        typer.echo(f"Error: {item.message}", err=True)
    for error in refused:
        typer.echo(f"Error: not annotated: {error}", err=True)
    if result.report.skipped or refused:
        raise typer.Exit(EXIT_UNASSESSED)


def _write(
    result: Alignment, out: Path, wanted: Sequence[str], sources: Sequence[Path], *, quiet: bool
) -> Sequence[Exception]:
    """Write the reports, say where they are, and return what could not be annotated."""
    from gcm_align.reporting import write_annotated, write_report
    from gcm_align.reporting.formats import ANNOTATED, not_pdf, pdf_sources

    refused: Sequence[Exception] = ()
    report, framework = result.report, result.framework
    if report.documents:
        written = write_report(report, framework, out, wanted)
        if ANNOTATED in wanted:
            pdfs = pdf_sources(report, sources)
            marked, refused = write_annotated(report, framework, out, pdfs)
            written += marked
            for name in not_pdf(report):
                typer.echo(f"Not annotated, for it is no PDF: {name}", err=True)
        if not quiet:
            _print_summary(result, written, out)
    return refused


def _others(names: list[str]) -> str:
    """Return a line that counts what folders and archives hold beside documents."""
    more = len(names) - _NAMED
    listed = ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
    return f"Not read, no documents by their content: {len(names)} ({listed})"


def _successors(follows: list[str]) -> dict[str, str]:
    """Return the earlier document's name by the later one's."""
    pairs = [text.partition("=") for text in follows]
    for new, sign, old in pairs:
        if not (new and sign and old):
            raise UsageError(
                "--follows cannot be understood",
                value=f"{new}{sign}{old}",
                expected="NEW=OLD, two document names",
                hint="Write, for example, --follows draft-2.pdf=draft-1.pdf.",
            )
    return {new: old for new, _, old in pairs}


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
