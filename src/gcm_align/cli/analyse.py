"""``gcm-align analyse``: documents in, reports out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gcm_align.cli.options import CacheOption, FrameworkOption, ModelOption, NoCacheOption
from gcm_align.cli.review import ReviewsOption
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
    """Assess documents and write report.html, report.json, matrix.csv/.xlsx and the evidence.

    A file that cannot be read is named; the others still finish, and the exit code is 3.
    """
    from gcm_align.catalogue import load_catalogue
    from gcm_align.engine import load_engine
    from gcm_align.pipeline import align
    from gcm_align.reading import collected
    from gcm_align.reporting import prepare_folder, write_report

    loaded = load_catalogue(framework)
    prepare_folder(out)
    engine = load_engine(loaded, model=model, cache_dir=cache_dir, use_cache=not no_cache)
    with collected(files, engine.settings) as found, _progress_bars(quiet=quiet) as progress:
        result = align(found.sources, progress=progress, engine=engine)
    result = result.with_skipped(found.skipped)
    if result.report.documents:
        written = write_report(result.report, loaded, out)
        if not quiet:
            _print_summary(result, written)
    if found.others:
        typer.echo(_others(found.others), err=True)
    for item in result.report.skipped:
        typer.echo(f"Error: {item.message}", err=True)
    if result.report.skipped:
        raise typer.Exit(EXIT_UNASSESSED)


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


def _print_summary(result: Alignment, written: tuple[Path, ...]) -> None:
    """Print one screen: what was read, what was found, where it is."""
    from rich.console import Console

    from gcm_align.reporting.summary import summary_table

    console = Console()
    for renderable in summary_table(result.report, result.framework):
        console.print(renderable)
    console.print(
        "Written:", ", ".join(path.name for path in written), "in", str(written[0].parent)
    )
