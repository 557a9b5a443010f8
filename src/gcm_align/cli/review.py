"""``gcm-align review``: decisions of analysts in, out, and compared."""

from __future__ import annotations

import getpass
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gcm_align.cli.options import FrameworkOption

if TYPE_CHECKING:
    from gcm_align.reviewing import Review, ReviewStore

review_app = typer.Typer(
    help="What analysts decided on the machine's verdicts.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
ReviewsOption = Annotated[
    Path | None,
    typer.Option(
        "--reviews",
        metavar="FILE",
        help="Where reviews are kept. Default: reviews.sqlite in the user's data folder.",
    ),
]
ReviewerOption = Annotated[
    str, typer.Option("--reviewer", metavar="NAME", help="Who decided. Default: your login name.")
]


@review_app.callback()
def review() -> None:
    """Keep, list and compare the decisions of analysts."""


@review_app.command("import")
def import_(
    file: Annotated[
        Path, typer.Argument(metavar="FILE.xlsx", help="A matrix.xlsx that analyse wrote.")
    ],
    reviewer: ReviewerOption = "",
    reviews: ReviewsOption = None,
    framework: FrameworkOption = None,
) -> None:
    """Take levels, not-applicable with reason, and notes from a filled-in matrix.xlsx.

    All of it or nothing: a cell that cannot be taken is named by sheet, row and column.
    """
    from gcm_align.catalogue import load_catalogue
    from gcm_align.reviewing.importing import import_workbook
    from gcm_align.reviewing.listing import review_line

    taken = import_workbook(
        file, _store(reviews), load_catalogue(framework), reviewer=reviewer or login_name()
    )
    for item in taken.taken:
        typer.echo(review_line(item))
    typer.echo(f"Taken: {len(taken.taken)}; already on record: {taken.unchanged}.")


@review_app.command("list")
def list_(reviews: ReviewsOption = None) -> None:
    """List what holds now: the latest verdict and note of every reviewer."""
    from gcm_align.reviewing.listing import review_line

    held = _held(_store(reviews))
    for item in held:
        typer.echo(review_line(item))
    if not held:
        typer.echo("No reviews.")


@review_app.command()
def export(
    out: Annotated[Path, typer.Argument(metavar="FILE.csv", help="Where to write.")],
    reviews: ReviewsOption = None,
) -> None:
    """Write every review ever made, the undone too, as CSV."""
    from gcm_align.reporting.writing import write_file
    from gcm_align.reviewing.listing import history_csv

    rows = _store(reviews).history()
    write_file(out, history_csv(rows).encode())
    typer.echo(f"Written: {out} ({len(rows)} rows).")


@review_app.command()
def undo(
    document: Annotated[str, typer.Argument(metavar="DOCUMENT", help="Its name, as listed.")],
    action: Annotated[str, typer.Argument(metavar="ACTION", help="Such as 13.h.")],
    reviewer: ReviewerOption = "",
    reviews: ReviewsOption = None,
) -> None:
    """Take back your latest review of an action; it stays in the history."""
    from gcm_align.errors import ReviewError
    from gcm_align.reviewing.listing import review_line

    store, who = _store(reviews), reviewer or login_name()
    mine = [
        row.review
        for row in store.named(document)
        if row.review.reviewer == who and row.review.action_id == action
    ]
    row = store.undo(who, mine[-1].document, action) if mine else None
    if row is None:
        raise ReviewError(
            "There is no review to take back",
            value=f"{document}, {action}, {who}",
            expected="a review that gcm-align review list shows",
            hint="Check the three names; --reviewer says whose it is.",
        )
    typer.echo(f"Taken back: {review_line(row.review)}")


@review_app.command()
def agreement(reviews: ReviewsOption = None) -> None:
    """Say how far each two reviewers agree: ordinal Krippendorff alpha, and where they differ."""
    from gcm_align.reviewing.agreeing import agreements

    found = agreements([item for item in _held(_store(reviews)) if item.is_verdict])
    for item in found:
        alpha = "none (nothing varies)" if item.alpha is None else f"{item.alpha:.3f}"
        typer.echo(
            f"{item.first} and {item.second}: alpha {alpha}, {item.same} of {item.n} the same; "
            f"{item.without_level} more without a level of both"
        )
        for name, action, one, other in item.differing:
            typer.echo(f"  {name}  {action}  {one} and {other}")
    if not found:
        typer.echo("No two reviewers decided on the same pair.")


def existing_store(reviews: Path | None) -> ReviewStore | None:
    """Return the store to read from; None where the default one was never begun."""
    from gcm_align.errors import ReviewStoreError
    from gcm_align.reviewing import ReviewStore, default_store_path

    path = reviews or default_store_path()
    if path.exists():
        return ReviewStore(path)
    if reviews is None:
        return None
    raise ReviewStoreError(
        "There is no store of reviews",
        value=path,
        expected="a file that gcm-align review import made",
        hint="Check the path given with --reviews, or leave it out.",
    )


def login_name() -> str:
    """Return the user's login name, also where the system has no entry for it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container without a user
        return f"user {os.getuid()}" if hasattr(os, "getuid") else "user"


def _store(reviews: Path | None) -> ReviewStore:
    from gcm_align.reviewing import ReviewStore, default_store_path

    return ReviewStore(reviews or default_store_path())


def _held(store: ReviewStore) -> list[Review]:
    """Return what holds now of every document, by name, bytes and action."""
    documents = {row.review.document.sha256: row.review.document for row in store.history()}
    return [
        item
        for document in sorted(documents.values(), key=lambda d: (d.name, d.sha256))
        for known in store.current(document).values()
        for item in (*known.verdicts, *known.notes)
        if item.document.sha256 == document.sha256
    ]
