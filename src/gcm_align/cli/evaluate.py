"""``gcm-align evaluate``: labelled clauses or a coded document in, figures out."""

from __future__ import annotations

import json
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gcm_align.cli.options import CacheOption, FrameworkOption, ModelOption, NoCacheOption

if TYPE_CHECKING:
    from rich.console import Console

    from gcm_align.evaluation import ClauseEvaluation, CodingEvaluation
    from gcm_align.evaluation.comparing import Change


class Format(StrEnum):
    """How figures are printed."""

    TEXT = "text"
    JSON = "json"


def evaluate(
    gold: Annotated[
        Path,
        typer.Argument(
            metavar="GOLD.json",
            help="Labelled clauses (a list) or a coding of a document (an object); "
            "schemas in data/README.md.",
        ),
    ],
    document: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The coded document. Default: the one that the coding names, in a folder above.",
        ),
    ] = None,
    framework: FrameworkOption = None,
    against: Annotated[
        Path | None,
        typer.Option(
            metavar="OLD.json",
            help="What an earlier run printed with --format json: lists verdicts gained and lost.",
        ),
    ] = None,
    pictures: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Draw the reliability diagram and the risk-coverage curve of a coding there.",
        ),
    ] = None,
    format_: Annotated[
        Format, typer.Option("--format", help="Print a table, or JSON for programs.")
    ] = Format.TEXT,
    model: ModelOption = "default",
    cache_dir: CacheOption = None,
    no_cache: NoCacheOption = False,
) -> None:
    """Measure verdicts against labelled clauses or a coded document, beside plain baselines."""
    from gcm_align.catalogue import load_catalogue
    from gcm_align.engine import load_engine
    from gcm_align.evaluation.comparing import compare_outcomes, load_outcomes
    from gcm_align.evaluation.gold import is_coding
    from gcm_align.evaluation.running import evaluate_document, evaluate_file

    coded = is_coding(gold)
    _check_options(gold, coded=coded, document=document, pictures=pictures)
    old = load_outcomes(against) if against else {}
    engine = load_engine(
        load_catalogue(framework), model=model, cache_dir=cache_dir, use_cache=not no_cache
    )
    result = evaluate_document(gold, engine, document) if coded else evaluate_file(gold, engine)
    change = compare_outcomes(old, result.outcomes) if against else None
    if format_ is Format.JSON:
        typer.echo(json.dumps(_plain(result, change), indent=2, ensure_ascii=False))
    else:
        _print(result, change)
    if pictures:
        _draw(result, pictures)


def _check_options(
    gold: Path, *, coded: bool, document: Path | None, pictures: Path | None
) -> None:
    from gcm_align.errors import UsageError

    if not coded and (document or pictures):
        raise UsageError(
            "--document and --pictures need a coding of a document",
            value=gold,
            expected="a JSON object with 'codings' or 'levels'",
            hint="Leave the options out, or give the coding.",
        )


def _plain(result: ClauseEvaluation | CodingEvaluation, change: Change | None) -> dict[str, object]:
    """Return the figures as plain values, rounded to four digits."""
    data = asdict(result) | ({"against": asdict(change)} if change else {})
    rounded: dict[str, object] = json.loads(
        json.dumps(data), parse_float=lambda text: round(float(text), 4)
    )
    return rounded


def _print(result: ClauseEvaluation | CodingEvaluation, change: Change | None) -> None:
    from gcm_align.evaluation import ClauseEvaluation

    if isinstance(result, ClauseEvaluation):
        _print_clauses(result)
    else:
        _print_coding(result)
    if change:
        typer.echo(f"Against the earlier run, {change.compared} verdicts in both:")
        typer.echo(f"  gained: {', '.join(change.gained) or 'none'}")
        typer.echo(f"  lost:   {', '.join(change.lost) or 'none'}")


def _draw(result: ClauseEvaluation | CodingEvaluation, folder: Path) -> None:
    from gcm_align.evaluation import CodingEvaluation
    from gcm_align.evaluation.pictures import draw_pictures

    if isinstance(result, CodingEvaluation):
        for path in draw_pictures(result, folder):
            typer.echo(f"Drawn: {path}", err=True)


def _print_clauses(result: ClauseEvaluation) -> None:
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
    if result.rankings:
        console.print(table)
        _print_near_misses(result, console)
    if result.n_other:
        n = f"of {result.n_other}"
        console.print(
            f"Other subjects at mentioned or above:  {_percent(result.other_mentioned)} {n}"
        )
        console.print(
            f"Other subjects flagged:                {_percent(result.other_flagged)} {n}"
        )


def _print_near_misses(result: ClauseEvaluation, console: Console) -> None:
    console.print(f"Positives that reach partial:         {_percent(result.positives_partial)}")
    console.print(f"Near misses that reach partial:       {_percent(result.near_misses_partial)}")
    for kind, (n, share) in result.near_misses_by_kind.items():
        console.print(f"  {kind:<36}{_percent(share)} of {n}")
    console.print(
        f"Contradictions flagged:               {_percent(result.contradictions_flagged)}"
    )
    console.print(f"Positives flagged as contradictions:  {_percent(result.positives_flagged)}")


def _print_coding(result: CodingEvaluation) -> None:
    low, high = result.gap_f1_interval
    alpha = "{:.2f}-{:.2f}".format(*result.alpha_interval)
    lines = (
        ("Actions coded", str(result.n)),
        ("Left for review", _percent(result.review_share)),
        ("Accepted verdicts that are wrong", _percent(result.accepted_wrong)),
        ("Not-gap F1, accepted", f"{result.gap_f1:.3f}"),
        ("Not-gap F1, with suggestions", f"{result.gap_f1_suggested:.3f} ({low:.2f}-{high:.2f})"),
        ("  baseline: nothing is a gap", f"{result.gap_f1_everything:.3f}"),
        ("  baseline: cosine, best threshold", f"{result.gap_f1_cosine:.3f}"),
        ("Ordinal alpha, accepted", f"{result.alpha:.3f}"),
        ("Ordinal alpha, with suggestions", f"{result.alpha_suggested:.3f} ({alpha})"),
        ("Coded evidence among the first three",
         f"{_percent(result.evidence_found)} of {result.evidence_n}"),
        ("Calibration error above gap", f"{result.chances.calibration_error:.3f}"),
        ("Brier score (constant share)",
         f"{result.chances.brier:.3f} ({result.chances.brier_constant:.3f})"),
    )  # fmt: skip
    for name, value in lines:
        typer.echo(f"{name:<38}{value}")


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f} %"
