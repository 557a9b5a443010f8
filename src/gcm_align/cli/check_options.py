"""Options of the commands that check texts, and the configuration that they make."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from gcm_align.checking.configuration import CheckConfig

PathsArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[PATHS]...",
        help="Files, folders or patterns. Default: 'paths' of the configuration, else its folder.",
    ),
]
ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        help="Configuration. Default: the nearest gcm-align.toml, or pyproject.toml with "
        "[tool.gcm-align], upwards.",
    ),
]
IncludeOption = Annotated[
    list[str] | None,
    typer.Option("--include", metavar="PATTERN", help="Which files of folders; may be repeated."),
]
ExcludeOption = Annotated[
    list[str] | None,
    typer.Option("--exclude", metavar="PATTERN", help="Which files never; may be repeated."),
]
BaselineOption = Annotated[
    str | None,
    typer.Option(
        "--baseline", metavar="FILE", help="What was accepted. Default: gcm-align-baseline.json."
    ),
]
JobsOption = Annotated[
    int | None, typer.Option("--jobs", "-j", metavar="N", help="Processes. Default: one a core.")
]
BudgetOption = Annotated[
    float | None,
    typer.Option(
        "--time-budget",
        metavar="SECONDS",
        help="After it the rest is left undone, and named: exit code 3.",
    ),
]
AllowOption = Annotated[
    bool | None,
    typer.Option("--allow-unassessed", help="An unread document does not give exit code 3."),
]
CheckFrameworkOption = Annotated[
    str | None,
    typer.Option("--framework", metavar="FILE", help="Another set of goals and actions."),
]
CheckModelOption = Annotated[
    str | None,
    typer.Option("--model", metavar="NAME", help="Encoder: 'default', a folder, or NAME@REVISION."),
]
CheckCacheOption = Annotated[
    str | None,
    typer.Option(
        "--cache-dir",
        metavar="DIR",
        help="Where verdicts and vectors are kept. Default: the user's cache folder.",
    ),
]


def configure(config: Path | None, flags: dict[str, Any]) -> CheckConfig:
    """
    Return the configuration that holds here, flags first.

    Args:
        config: What --config names.
        flags: By key, what the command line gave; None where it gave nothing.

    Raises:
        ConfigurationError: A file, a variable or a flag is wrong.
    """
    from gcm_align.checking.config_file import make_config
    from gcm_align.checking.configuration import PATH_KEYS
    from gcm_align.checking.toml_file import find_file, read_file

    start = Path.cwd()
    path = config.resolve() if config is not None else find_file(start)
    given = {key: value for key, value in flags.items() if value is not None}
    for key in PATH_KEYS:
        if key in given:
            given[key] = str(start / given[key])
    file = read_file(path) if path is not None else None
    return make_config(file, os.environ, given, start=start)
