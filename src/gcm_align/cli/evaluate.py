"""``gcm-align evaluate``: labelled clauses in, figures beside a baseline out."""

from __future__ import annotations

import json
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gcm_align.cli.options import CacheOption, FrameworkOption, ModelOption, NoCacheOption

if TYPE_CHECKING:
    from gcm_align.evaluation import ClauseEvaluation


class Format(StrEnum):
    """How figures are printed."""

    TEXT = "text"
    JSON = "json"


def evaluate(
    clauses: Annotated[
        Path,
        typer.Argument(metavar="CLAUSES.json", help="Labelled clauses; schema in data/README.md."),
    ],
    framework: FrameworkOption = None,
    format_: Annotated[
        Format, typer.Option("--format", help="Print a table, or JSON for programs.")
    ] = Format.TEXT,
    model: ModelOption = "default",
    cache_dir: CacheOption = None,
    no_cache: NoCacheOption = False,
) -> None:
    """Measure how well labelled clauses find their action, beside BM25 over the action texts."""
    from gcm_align.catalogue import load_catalogue
    from gcm_align.engine import load_engine
    from gcm_align.evaluation.running import evaluate_file

    loaded = load_catalogue(framework)
    engine = load_engine(loaded, model=model, cache_dir=cache_dir, use_cache=not no_cache)
    result = evaluate_file(clauses, engine)
    if format_ is Format.JSON:
        typer.echo(json.dumps(_plain(result), indent=2, ensure_ascii=False))
    else:
        _print_table(result)


def _plain(result: ClauseEvaluation) -> dict[str, object]:
    """Return the figures as plain values, rounded to four digits."""
    rounded: dict[str, object] = json.loads(
        json.dumps(asdict(result)), parse_float=lambda text: round(float(text), 4)
    )
    return rounded


def _print_table(result: ClauseEvaluation) -> None:
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    # The last column: near misses that rank the action they were written beside first.
    table = Table(
        box=SIMPLE, title=f"{result.n_positive} clauses, {result.n_near_miss} near misses"
    )
    for name in ("", "R@1", "95 %", "R@5", "R@10", "MRR", "near miss"):
        table.add_column(name, justify="right" if name else "left", no_wrap=True)
    for row in result.rankings:
        low, high = row.recall_interval[1]
        table.add_row(
            row.name,
            f"{row.recall[1]:.3f}",
            f"{low:.2f}-{high:.2f}",
            *(f"{row.recall[k]:.3f}" for k in (5, 10)),
            f"{row.mrr:.3f}",
            _percent(row.near_miss_first),
        )
    console = Console()
    console.print(table)
    console.print(f"Positives that reach partial:         {_percent(result.positives_partial)}")
    console.print(f"Near misses that reach partial:       {_percent(result.near_misses_partial)}")
    for kind, (n, share) in result.near_misses_by_kind.items():
        console.print(f"  {kind:<36}{_percent(share)} of {n}")
    console.print(
        f"Contradictions flagged:               {_percent(result.contradictions_flagged)}"
    )
    console.print(f"Positives flagged as contradictions:  {_percent(result.positives_flagged)}")


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f} %"
