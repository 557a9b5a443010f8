"""Labelled clauses: load and check a file of the schema of ``paraphrases-dev.json``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gcm_align.catalogue import Framework
from gcm_align.errors import UsageError

POLARITIES = ("positive", "negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledClause:
    """A clause written for one action: it addresses it, or comes near, or is about none."""

    id: str  # empty where the clause is about no action at all
    text: str
    positive: bool
    kind: str  # positive, neighbour_action, topic_mention, contradiction, different_subject
    true_for: tuple[str, ...]
    style: str
    force_level: int


def load_clauses(path: Path, framework: Framework) -> tuple[LabelledClause, ...]:
    """
    Load labelled clauses.

    Args:
        path: A JSON list of objects with id (null where the clause is about no action),
            text and polarity; kind, true_for, style and
            force_level may be left out.
        framework: The actions that the ids name.

    Raises:
        UsageError: The file cannot be read, or a row is broken; the message names it.
    """
    known = {action.id for action in framework.actions}
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise UsageError(
            "The clauses cannot be read",
            value=f"{path} ({error})",
            expected="a JSON list of labelled clauses, in UTF-8",
            hint="See data/README.md for the fields.",
        ) from error
    if not isinstance(rows, list) or not rows:
        raise _broken(path, "the file", type(rows).__name__, "a list of at least one clause")
    return tuple(_clause(path, number, row, known) for number, row in enumerate(rows))


def _clause(path: Path, number: int, row: Any, known: set[str]) -> LabelledClause:
    where = f"clauses[{number}]"
    if not isinstance(row, dict):
        raise _broken(path, where, type(row).__name__, "an object")
    polarity = row.get("polarity", "positive")
    about_none = "id" in row and row["id"] is None and polarity == "negative"
    if not about_none and str(row.get("id")) not in known:
        raise _broken(path, f"{where}, field 'id'", row.get("id"), "an id of the framework")
    text = row.get("text")
    if not isinstance(text, str) or not text.strip():
        raise _broken(path, f"{where}, field 'text'", text, "a clause")
    if polarity not in POLARITIES:
        raise _broken(path, f"{where}, field 'polarity'", polarity, "positive or negative")
    return LabelledClause(
        id="" if about_none else str(row["id"]),
        text=text,
        positive=polarity == "positive",
        kind=str(row.get("kind") or polarity),
        true_for=tuple(str(i) for i in row.get("true_for") or ()),
        style=str(row.get("style") or ""),
        force_level=int(row.get("force_level") or 0),
    )


def _broken(path: Path, where: str, value: object, expected: str) -> UsageError:
    return UsageError(
        f"{path.name}, {where}",
        value=repr(value),
        expected=expected,
        hint="Correct this row, or give the framework it belongs to with --framework.",
    )
