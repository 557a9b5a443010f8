"""``gcm-align actions`` and ``gcm-align explain``: look things up."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gcm_align.cli.options import FrameworkOption
from gcm_align.errors import EXIT_USAGE

if TYPE_CHECKING:
    from gcm_align.catalogue import Action, Framework


def actions(
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[WORDS]...", help="All must occur; an id such as 13.h too."),
    ] = None,
    framework: FrameworkOption = None,
) -> None:
    """Look the catalogue up: its actions, or those that hold all the words."""
    from gcm_align.catalogue import load_catalogue

    loaded = load_catalogue(framework)
    found = loaded.search(" ".join(words)) if words else loaded.actions
    for action in found:
        _print_action(loaded, action, details=len(found) <= 5)
    if not found:
        typer.echo(f"No action holds {' '.join(words or [])!r}.", err=True)
        raise typer.Exit(EXIT_USAGE)


def _print_action(framework: Framework, action: Action, *, details: bool) -> None:
    typer.echo(f"{action.id:<6}{action.text}")
    if not details:
        return
    objective = framework.objective(action.objective)
    typer.echo(f"      Objective {objective.number}: {objective.title}")
    if action.paragraph:
        typer.echo(f"      Paragraph {action.paragraph}")
    for element in action.core_elements:
        typer.echo(f"      - {element}")
    if action.note:
        typer.echo(f"      Note: {action.note}")
    for group in framework.neighbours(action.id):
        typer.echo(f"      Not to be confused ({', '.join(group.ids)}): {group.rule}")


def explain(
    report: Annotated[
        Path, typer.Argument(metavar="REPORT", help="report.json, or the folder that holds it.")
    ],
    action: Annotated[str, typer.Argument(metavar="ACTION", help="An action's id, such as 13.h.")],
    framework: FrameworkOption = None,
) -> None:
    """Say why an action got its verdict: evidence, force words, elements, parts of the score."""
    from gcm_align.catalogue import load_catalogue
    from gcm_align.reporting import read_report
    from gcm_align.reporting.explanation import explanation

    path = report / "report.json" if report.is_dir() else report
    typer.echo(explanation(read_report(path), load_catalogue(framework), action))
