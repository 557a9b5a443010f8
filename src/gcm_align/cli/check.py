"""``gcm-align check``: texts of a repository in, findings and an exit code out."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gcm_align.cli.check_options import (
    AllowOption,
    BaselineOption,
    BudgetOption,
    CheckCacheOption,
    CheckFrameworkOption,
    CheckModelOption,
    ConfigOption,
    ExcludeOption,
    IncludeOption,
    JobsOption,
    PathsArgument,
    configure,
)
from gcm_align.cli.options import NoCacheOption

if TYPE_CHECKING:
    from gcm_align.checking.check import Progress
    from gcm_align.checking.configuration import CheckConfig
    from gcm_align.findings import CheckResult


def check(
    paths: PathsArgument = None,
    config: ConfigOption = None,
    include: IncludeOption = None,
    exclude: ExcludeOption = None,
    changed_since: Annotated[
        str,
        typer.Option(
            "--changed-since",
            metavar="REF",
            help="Only files that changed since this branch left REF, new files included.",
        ),
    ] = "",
    baseline: BaselineOption = None,
    no_baseline: Annotated[
        bool, typer.Option("--no-baseline", help="Judge as if nothing had been accepted.")
    ] = False,
    format_: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="human, json, sarif, junit, github, gitlab or markdown.",
        ),
    ] = None,
    output: Annotated[
        list[str] | None,
        typer.Option(
            "--output", "-o", metavar="FORMAT=FILE", help="A further output; may be repeated."
        ),
    ] = None,
    rule: Annotated[
        list[str] | None,
        typer.Option(
            "--rule", metavar="RULE=SEVERITY", help="error, warning, note or off; may be repeated."
        ),
    ] = None,
    fail_on: Annotated[
        str | None,
        typer.Option(
            "--fail-on", metavar="SEVERITY", help="error, warning or note. Default: error."
        ),
    ] = None,
    allow_unassessed: AllowOption = None,
    exit_zero: Annotated[
        bool | None, typer.Option("--exit-zero", help="Findings never fail the run.")
    ] = None,
    jobs: JobsOption = None,
    time_budget: BudgetOption = None,
    framework: CheckFrameworkOption = None,
    model: CheckModelOption = None,
    cache_dir: CheckCacheOption = None,
    no_cache: NoCacheOption = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print nothing when nothing is found.")
    ] = False,
) -> None:
    """Check texts in CI: new contradictions, lost actions, and what the configuration requires.

    Exit codes: 0 clean; 1 a gate failed; 2 usage or configuration; 3 a document could not be
    assessed; 4 internal, or a model is missing; 130 interrupted.
    """
    from gcm_align.checking.check import Request, run_check
    from gcm_align.checking.config_file import parse_rule
    from gcm_align.errors import EXIT_INTERNAL
    from gcm_align.findings import exit_code

    flags: dict[str, Any] = {
        "include": include or None,
        "exclude": exclude or None,
        "baseline": baseline,
        "format": format_,
        "output": _from_here(output) if output else None,
        "rules": dict(map(parse_rule, rule)) if rule else None,
        "fail-on": fail_on,
        "allow-unassessed": allow_unassessed,
        "exit-zero": exit_zero,
        "jobs": jobs,
        "time-budget": time_budget,
        "framework": framework,
        "model": model,
        "cache-dir": cache_dir,
    }
    made = configure(config, flags)
    request = Request(
        paths=tuple(paths or ()),
        start=Path.cwd(),
        since=changed_since,
        use_baseline=not no_baseline,
        use_cache=not no_cache,
    )
    with stoppable(), progress_bar(quiet=quiet) as progress:
        result = run_check(made, request, progress)
    _write(result, made, quiet=quiet)
    code = exit_code(result)
    if code and not (made.exit_zero and code != EXIT_INTERNAL):
        raise typer.Exit(code)


def _from_here(outputs: list[str]) -> list[str]:
    """Return FORMAT=FILE with the file from the working directory; faults are named later."""
    split = [text.partition("=") for text in outputs]
    return [f"{name}={Path.cwd() / file}" if file else name for name, _, file in split]


def _write(result: CheckResult, config: CheckConfig, *, quiet: bool) -> None:
    """Write every output whole, then print the one for standard output."""
    from gcm_align.errors import UsageError
    from gcm_align.files import replace_file
    from gcm_align.reporting.checks import render

    for text in config.output:
        name, _, file = text.partition("=")
        path = config.root / file
        content = render(result, name).encode("utf-8", "replace")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(path, content)
        except OSError as error:
            raise UsageError(
                "An output cannot be written",
                value=f"{path} ({error.strerror})",
                expected="a file that can be replaced",
                hint="Give another file with --output.",
            ) from error
    if quiet and config.format == "human" and not result.active() and not result.notes:
        return
    if config.format == "human":
        _print_human(result)
    else:
        sys.stdout.buffer.write(render(result, config.format).encode("utf-8", "replace"))
        sys.stdout.flush()


def _print_human(result: CheckResult) -> None:
    from rich.console import Console

    from gcm_align.reporting.check_text import to_text

    # Soft: the terminal wraps, a pipe gets whole lines that grep can search.
    Console().print(to_text(result), soft_wrap=True)


@contextmanager
def stoppable() -> Iterator[None]:
    """Let a CI's SIGTERM end the processes as Ctrl-C does."""

    def stop(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def progress_bar(*, quiet: bool) -> Iterator[Progress | None]:
    """Show how many documents are done, on a terminal only."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("Assessing"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("", total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total)
