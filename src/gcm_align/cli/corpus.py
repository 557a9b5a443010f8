"""``gcm-align corpus``: questions to a dataset."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gcm_align.cli.options import FrameworkOption

if TYPE_CHECKING:
    from gcm_align.corpus.opening import Corpus

corpus_app = typer.Typer(
    help="Ask a dataset of many documents, as `gcm-align batch` writes it.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


class Format(StrEnum):
    """How an answer is printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


DatasetArgument = Annotated[
    Path, typer.Argument(metavar="DATASET", help="Folder that `gcm-align batch` wrote.")
]
FormatOption = Annotated[
    Format, typer.Option("--format", help="table for the eye; csv and json are whole.")
]
StatusOption = Annotated[
    list[str] | None,
    typer.Option(
        "--status",
        metavar="STATUS",
        help="Which documents count; may be repeated: 'in force', draft, repealed, 'not stated'. "
        "Default: in force and not stated.",
    ),
]
CountryOption = Annotated[
    str | None, typer.Option("--country", metavar="COUNTRY", help="Of one country alone.")
]
COVERAGE_SHOWN = (
    *("documents", "unread", "n", "gap", "mentioned", "partial", "addressed", "operationalised"),
    *("needs_review", "C1", "C2", "breadth_lower", "depth_lower", "delivery_lower"),
)
CLAUSE = ("quote", "page", "document", "country", "date", "status")
GAPS_SHOWN = ("country", "action", "action_text", "nearest_quote", "nearest_page", "carried_by")


@corpus_app.callback()
def corpus() -> None:
    """Ask a dataset; countries stand in the order of their names and are never ranked."""


@corpus_app.command()
def coverage(
    dataset: DatasetArgument,
    by: Annotated[
        str, typer.Option("--by", metavar="COLUMNS", help="country, year or country,year.")
    ] = "country",
    status: StatusOption = None,
    plot: Annotated[
        Path | None,
        typer.Option("--plot", metavar="FILE", help="Draw the answer too: FILE.png or FILE.svg."),
    ] = None,
    format_: FormatOption = Format.TABLE,
    framework: FrameworkOption = None,
) -> None:
    """Best level of each action by country or year; what is unread or in doubt is no gap."""
    from gcm_align.corpus.coverage import coverage as ask
    from gcm_align.corpus.opening import check_statuses
    from gcm_align.reporting.corpus_picture import check_plot, draw_coverage
    from gcm_align.reporting.writing import write_file

    picture = check_plot(plot) if plot else None
    opened = _open(dataset, framework)
    statuses = check_statuses(status or ())
    columns = tuple(name.strip() for name in by.split(",") if name.strip())
    rows = ask(opened, columns, statuses)
    if picture:
        write_file(picture, draw_coverage(rows, columns, picture))
    _print(opened, rows, (*columns, *COVERAGE_SHOWN), format_)


@corpus_app.command()
def best(
    dataset: DatasetArgument,
    action: Annotated[str, typer.Argument(metavar="ACTION", help="An id, such as 13.h.")],
    number: Annotated[
        int, typer.Option("-n", metavar="N", min=1, help="Clauses, one of each document.")
    ] = 10,
    country: CountryOption = None,
    format_: FormatOption = Format.TABLE,
    framework: FrameworkOption = None,
) -> None:
    """Show how texts anywhere legislate an action: the best clause of each document."""
    from gcm_align.corpus.clauses import best_clauses

    opened = _open(dataset, framework)
    rows = best_clauses(opened, action, limit=number, country=country)
    _print(opened, rows, ("level", "verdict", "probability", "contradiction", *CLAUSE), format_)


@corpus_app.command()
def search(
    dataset: DatasetArgument,
    words: Annotated[
        list[str],
        typer.Argument(metavar="WORDS...", help='All must occur; "in quotes" together.'),
    ],
    country: CountryOption = None,
    format_: FormatOption = Format.TABLE,
    framework: FrameworkOption = None,
) -> None:
    """Search every passage shown as evidence; a word matches from its beginning."""
    from gcm_align.corpus.clauses import search as ask

    opened = _open(dataset, framework)
    # What the shell took as one argument was in quotes.
    question = " ".join(f'"{word}"' if " " in word and '"' not in word else word for word in words)
    rows = ask(opened, question, country=country)
    _print(opened, rows, ("actions", "level", "counter", *CLAUSE), format_)


@corpus_app.command()
def gaps(
    dataset: DatasetArgument,
    status: StatusOption = None,
    country: CountryOption = None,
    format_: FormatOption = Format.TABLE,
    framework: FrameworkOption = None,
) -> None:
    """List what no text of a country provides for, with the nearest clause and who carries it."""
    from gcm_align.corpus.gaps import country_gaps
    from gcm_align.corpus.opening import check_statuses

    opened = _open(dataset, framework)
    rows = country_gaps(opened, statuses=check_statuses(status or ()), country=country)
    _print(opened, rows, GAPS_SHOWN, format_)


def _open(dataset: Path, framework: Path | None) -> Corpus:
    from gcm_align.catalogue import load_catalogue
    from gcm_align.corpus.opening import open_corpus

    return open_corpus(dataset, load_catalogue(framework))


def _print(
    opened: Corpus, rows: Sequence[Mapping[str, Any]], shown: Sequence[str], format_: Format
) -> None:
    from gcm_align.reporting.answers import to_csv, to_json, to_table

    warnings = opened.warnings()
    for words in warnings:
        typer.echo(f"Warning: {words}.", err=True)
    columns = list(rows[0]) if rows else shown
    if format_ == Format.JSON:
        _write(to_json(rows, warnings))
    elif format_ == Format.CSV:
        _write(to_csv(rows, columns))
    elif not rows:
        typer.echo("Nothing in the dataset answers this.")
    else:
        from rich.console import Console

        Console().print(to_table(rows, shown))
        typer.echo("Machine suggestions until reviewed. Texts, not practice; never a ranking.")


def _write(text: str) -> None:
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    sys.stdout.flush()
