"""``gcm-align config``: what holds here, and where each value comes from."""

from __future__ import annotations

from typing import Annotated

import typer

from gcm_align.cli.check_options import ConfigOption, configure


def config(
    config: ConfigOption = None,
    show: Annotated[
        bool, typer.Option("--show", help="Print every key with its value and its origin.")
    ] = False,
    rules: Annotated[
        bool, typer.Option("--rules", help="Print every rule: severity, meaning, what to do.")
    ] = False,
) -> None:
    """Check the configuration; with --show print what holds here, as TOML."""
    from gcm_align.checking.showing import rules_text, shown

    made = configure(config, {})
    if rules:
        typer.echo(rules_text(made), nl=False)
    elif show:
        typer.echo(shown(made), nl=False)
    else:
        typer.echo(f"{made.file or 'No configuration file; the defaults'}: in order.")
