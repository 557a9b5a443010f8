"""``gcm-align cache``: what is kept between runs, and removing it."""

from __future__ import annotations

import typer

from gcm_align.cli.options import CacheOption

cache_app = typer.Typer(help="Look at, or remove, what is kept between runs.", no_args_is_help=True)


@cache_app.command()
def info(cache_dir: CacheOption = None) -> None:
    """Print where the cache is, and the entries and megabytes of each kind."""
    from gcm_align.artifacts import default_cache_dir
    from gcm_align.keeping.contents import contents_of
    from gcm_align.keeping.entries import LIMIT_ENV, most_bytes

    folder = cache_dir or default_cache_dir()
    typer.echo(f"{folder}")
    for kind in contents_of(folder):
        typer.echo(f"{kind.name:<10}{kind.entries:>8,} entries{kind.size / 1e6:>10,.1f} MB")
    limit = most_bytes() / 1e6
    typer.echo(f"Each kind may take {limit:,.0f} MB; {LIMIT_ENV} sets another limit.")


@cache_app.command()
def clear(cache_dir: CacheOption = None) -> None:
    """Remove readings, vectors and verdicts that are kept; the next runs make them anew."""
    from gcm_align.artifacts import default_cache_dir
    from gcm_align.keeping.contents import clear_contents

    folder = cache_dir or default_cache_dir()
    removed = clear_contents(folder)
    typer.echo(f"Removed {removed:,} entries from {folder}.")
