"""``gcm-align baseline write``: accept what the texts say now."""

from __future__ import annotations

from pathlib import Path

import typer

from gcm_align.cli.check import progress_bar, stoppable
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
from gcm_align.errors import EXIT_UNASSESSED

baseline_app = typer.Typer(
    help="The file of what was accepted, committed beside the texts.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@baseline_app.callback()
def baseline() -> None:
    """Keep what was accepted in a file beside the texts."""


@baseline_app.command()
def write(
    paths: PathsArgument = None,
    config: ConfigOption = None,
    include: IncludeOption = None,
    exclude: ExcludeOption = None,
    baseline: BaselineOption = None,
    allow_unassessed: AllowOption = None,
    jobs: JobsOption = None,
    time_budget: BudgetOption = None,
    framework: CheckFrameworkOption = None,
    model: CheckModelOption = None,
    cache_dir: CheckCacheOption = None,
    no_cache: NoCacheOption = False,
) -> None:
    """Write what the texts say now; reviews and suppressions in the file are kept.

    Documents that could not be assessed keep their entries, and give exit code 3.
    """
    from gcm_align.checking.baseline import to_text
    from gcm_align.checking.check import Request, accept, gather, judge
    from gcm_align.errors import UsageError
    from gcm_align.files import replace_file
    from gcm_align.findings import UNREAD

    flags = {
        "include": include or None,
        "exclude": exclude or None,
        "baseline": baseline,
        "allow-unassessed": allow_unassessed,
        "jobs": jobs,
        "time-budget": time_budget,
        "framework": framework,
        "model": model,
        "cache-dir": cache_dir,
    }
    made = configure(config, flags)
    path = made.baseline_path
    request = Request(
        paths=tuple(paths or ()),
        start=Path.cwd(),
        use_baseline=path.exists(),  # the first time there is none
        use_cache=not no_cache,
    )
    with stoppable(), progress_bar(quiet=False) as progress:
        ground = gather(made, request, progress)
    result = judge(ground)
    unread = [item for item in result.active() if item.rule_id == UNREAD]
    for item in unread:
        typer.echo(f"Not assessed: {item.document}: {item.message}", err=True)
    content = to_text(accept(ground, path)).encode()
    try:
        replace_file(path, content)
    except OSError as error:
        raise UsageError(
            "The baseline cannot be written",
            value=f"{path} ({error.strerror})",
            expected="a file that can be replaced",
            hint="Give another file with --baseline.",
        ) from error
    typer.echo(f"Written: {path} ({len(result.documents) - len(unread)} documents).")
    if any(result.blocks(item) for item in unread):
        raise typer.Exit(EXIT_UNASSESSED)
