"""The command line: parse, call one library function, render."""

from __future__ import annotations

import logging
import sys
from typing import Annotated

import typer

from gcm_align import __version__
from gcm_align.cli.analyse import analyse
from gcm_align.cli.baseline import baseline_app
from gcm_align.cli.batch import batch
from gcm_align.cli.cache import cache_app
from gcm_align.cli.check import check
from gcm_align.cli.compare import compare
from gcm_align.cli.config import config
from gcm_align.cli.corpus import corpus_app
from gcm_align.cli.evaluate import evaluate
from gcm_align.cli.look import actions, explain
from gcm_align.cli.report import report
from gcm_align.cli.review import review_app
from gcm_align.cli.serve import serve, server_app
from gcm_align.errors import EXIT_INTERNAL, EXIT_INTERRUPTED, GcmAlignError

app = typer.Typer(
    name="gcm-align",
    help="Find what a policy or law says, clause and page, about each of the 187 actions of the "
    "Global Compact for Migration.",
    epilog="Exit codes: 0 clean or done; 1 a gate failed; 2 usage or configuration; 3 a document "
    "could not be assessed; 4 internal, or a model is missing; 130 interrupted.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(analyse)
app.command()(actions)
app.command()(explain)
app.command()(evaluate)
app.command()(batch)
app.command()(check)
app.command()(compare)
app.command()(report)
app.command()(config)
app.command()(serve)
app.add_typer(baseline_app, name="baseline")
app.add_typer(cache_app, name="cache")
app.add_typer(review_app, name="review")
app.add_typer(server_app, name="server")
app.add_typer(corpus_app, name="corpus")


def _print_version(value: bool) -> None:
    if value:
        typer.echo(f"gcm-align {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s")


def main() -> None:
    """Run the command line; errors of the tree become one message and an exit code."""
    try:
        app()
    except GcmAlignError as error:
        typer.echo(f"Error: {error}", err=True)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        typer.echo("Interrupted.", err=True)
        sys.exit(EXIT_INTERRUPTED)
    except Exception:
        # A fault of ours must not look like a gate that failed, which is exit code 1.
        logging.getLogger("gcm_align").exception("Internal error; please report it.")
        sys.exit(EXIT_INTERNAL)
