"""``gcm-align batch``: many documents in, one dataset out."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gcm_align.cli.options import FrameworkOption, ModelOption
from gcm_align.errors import EXIT_UNASSESSED, UsageError

if TYPE_CHECKING:
    from gcm_align.batch.run import Progress
    from gcm_align.batch.summary import Summary

_LOG_SECONDS = 30.0  # between two lines of progress where there is no terminal
_SHOWN = 20  # failures on the screen; all of them stand in failures.csv


class EngineName(StrEnum):
    """Where documents are assessed."""

    LOCAL = "local"
    DASK = "dask"


def batch(
    sources: Annotated[
        list[Path],
        typer.Argument(
            metavar="SOURCE...",
            help="Folders, files, or a manifest CSV (columns path, country, title, date, status).",
        ),
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="DATASET", help="Folder of the dataset.")
    ],
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", "-j", metavar="N", min=1, help="Processes. Default: one a core."),
    ] = None,
    retry: Annotated[
        bool, typer.Option("--retry", help="Assess again what failed in an earlier run.")
    ] = False,
    prune: Annotated[
        bool, typer.Option("--prune", help="Take out documents that no source names any more.")
    ] = False,
    engine: Annotated[
        EngineName, typer.Option("--engine", help="This machine, or a Dask cluster.")
    ] = EngineName.LOCAL,
    address: Annotated[
        str,
        typer.Option("--address", metavar="URL", help="Scheduler of the cluster: tcp://HOST:8786."),
    ] = "",
    framework: FrameworkOption = None,
    model: ModelOption = "default",
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print failures only; no progress, no summary.")
    ] = False,
) -> None:
    """Assess many documents into a Parquet dataset; an interrupted run goes on where it was.

    What is in the dataset is not assessed again while its bytes, its row of the manifest, the
    model, the settings and the version are the same. Failures give exit code 3.
    """
    from gcm_align.batch.run import Request, run_batch
    from gcm_align.cli.check import stoppable

    _check_engine(engine, address, jobs)
    request = Request(
        sources=tuple(sources),
        out=out,
        framework=framework,
        model=model,
        jobs=jobs,
        engine=engine.value,
        address=address,
        retry=retry,
        prune=prune,
    )
    with stoppable(), _progress(quiet=quiet) as progress:
        summary = run_batch(request, progress=progress)
    _print(summary, out, quiet=quiet)
    if summary.failures:
        raise typer.Exit(EXIT_UNASSESSED)


def _check_engine(engine: EngineName, address: str, jobs: int | None) -> None:
    local = engine == EngineName.LOCAL
    if local == bool(address) or (jobs is not None and not local):
        raise UsageError(
            "The options of the engine do not fit together",
            value=f"--engine {engine.value}, --address {address!r}, --jobs {jobs}",
            expected="--jobs with local, --address with dask",
            hint="Start a cluster with `dask scheduler` and `dask worker ADDRESS --nthreads 1`.",
        )


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Progress | None]:
    """Show rate and remaining time: one line that changes on a terminal, else one now and then."""
    if quiet:
        yield None
        return
    from rich.console import Console

    console = Console(stderr=True)
    start = last = time.monotonic()
    if console.is_terminal:
        with console.status("Comparing with the dataset") as status:

            def show(done: int, total: int, failed: int) -> None:
                status.update(progress_words(done, total, failed, time.monotonic() - start))

            yield show
        return

    def log(done: int, total: int, failed: int) -> None:
        nonlocal last
        now = time.monotonic()
        if done and (now - last >= _LOG_SECONDS or done == total):
            last = now
            print(progress_words(done, total, failed, now - start), file=sys.stderr)  # noqa: T201

    yield log


def progress_words(done: int, total: int, failed: int, seconds: float) -> str:
    """Return ``120 of 1000 documents, 14.0 a minute, 1 h 03 min left, 2 failed``."""
    words = [f"{done} of {total} documents"]
    if done and seconds > 0:
        minutes = round(seconds / done * (total - done) / 60)
        left = f"{minutes // 60} h {minutes % 60:02} min" if minutes >= 60 else f"{minutes} min"
        words += [f"{60 * done / seconds:.1f} a minute", f"{left} left"]
    return ", ".join([*words, f"{failed} failed"] if failed else words)


def _print(summary: Summary, out: Path, *, quiet: bool) -> None:
    for words in summary.warnings:
        typer.echo(f"Warning: {words}", err=True)
    for row in summary.failures[:_SHOWN]:
        typer.echo(f"Failed: {row['name']}: {row['error']}: {row['message']}", err=True)
    if (more := len(summary.failures) - _SHOWN) > 0:
        typer.echo(f"... and {more} more in {out / 'failures.csv'}", err=True)
    if quiet:
        return
    documents = summary.contents["documents"]
    if not summary.assessed and not summary.pruned:
        typer.echo(f"Nothing to do: all {summary.unchanged} documents are in {out}.")
    else:
        typer.echo(f"Assessed now: {summary.assessed}; unchanged: {summary.unchanged}.")
    if summary.pruned:
        typer.echo(f"Taken out: {summary.pruned}, which no source names.")
    if summary.kept:
        typer.echo(f"Kept: {summary.kept}, which no source names (--prune takes them out).")
    counts = ", ".join(f"{number} {name}" for name, number in documents.items())
    typer.echo(f"In the dataset: {counts}, of {len(summary.contents['countries'])} countries.")
    if summary.mixed:
        typer.echo("Warning: the documents were assessed by more than one version.", err=True)
    typer.echo(f"Written: summary.json, failures.csv in {out}. Texts, not practice.")
