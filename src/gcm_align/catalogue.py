"""The framework that texts are compared with: the 187 actions of the Compact, or another.

A framework file is a JSON object, or a bare list of actions; an action needs an ``id``
and a ``text``, all else is optional (``data/schema/framework.schema.json``). Fields that
the schema does not name are ignored.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from gcm_align.artifacts import data_path
from gcm_align.checked_json import Row, read_json, shown
from gcm_align.errors import CatalogueError
from gcm_align.framework import (
    Action,
    Applicability,
    Framework,
    Group,
    Objective,
    Principle,
    RoundTable,
)
from gcm_align.framework_rows import (
    ACTIONS,
    OBJECTIVE,
    OBJECTIVES,
    PRINCIPLES,
    derived_objective,
    make_action,
    make_group,
    make_objective,
    make_principle,
    make_round_table,
)

__all__ = [
    "Action",
    "Applicability",
    "Framework",
    "Group",
    "Objective",
    "Principle",
    "RoundTable",
    "load_catalogue",
]

SCHEMA_VERSION = "1.0"
SUPPORTED_MAJOR = "1"

T = TypeVar("T")


def load_catalogue(path: Path | str | None = None) -> Framework:
    """
    Load a framework and check it.

    Args:
        path: A framework file; None for the 187 actions of the Global Compact for Migration.

    Raises:
        CatalogueError: The file is broken; the message names the row and the field.
        ArtifactError: The Compact's own file is missing from the installation.
    """
    return _compact() if path is None else _read(Path(path))


@functools.cache
def _compact() -> Framework:
    return _read(data_path("gcm.json"))


def _read(path: Path) -> Framework:
    data, sha256 = read_json(path)
    if isinstance(data, list):
        data = {"actions": data}
    if not isinstance(data, dict):
        raise CatalogueError(
            f"{path.name}: neither an object nor a list",
            value=shown(data),
            expected="a list of actions, or an object that holds one",
            hint="See data/schema/framework.schema.json for the shape of the file.",
        )
    return _framework(Row(file=path.name, place="", fields=data), stem=path.stem, sha256=sha256)


def _framework(top: Row, *, stem: str, sha256: str) -> Framework:
    version = top.key("schema_version", default=SCHEMA_VERSION)
    if version.partition(".")[0] != SUPPORTED_MAJOR:
        hint = "Install the gcm-align that the file was made for."
        raise top.error("schema_version", version, f"{SUPPORTED_MAJOR}.x, a text", hint)
    actions = _actions(top)
    tables, objectives = _round_tables(top, _objectives(top, actions))
    ids = {action.id for action in actions}
    key = top.key("key", default=stem)
    return Framework(
        key=key,
        name=top.text("name", default=key),
        source=top.text("source", default=""),
        sha256=sha256,
        objectives=objectives,
        actions=actions,
        principles=_records(list(top.rows(*PRINCIPLES)), make_principle, "key"),
        round_tables=tables,
        groups=_groups(top, ids),
        soft_accept_pairs=_pairs(top, ids),
    )


def _actions(top: Row) -> tuple[Action, ...]:
    rows = list(top.rows(*ACTIONS, label=("id",)))
    if not rows:
        name = top.name_of(*ACTIONS)
        hint = "Add actions, each with an id and a text."
        value = "missing" if top.value(name) is None else []
        raise top.error(name, value, "a list of at least one action", hint)
    actions = _records(rows, make_action, "id")
    seen: dict[str, str] = {}
    for row, action in zip(rows, actions, strict=True):
        plain = _plain(action.text)
        if plain in seen:
            # A public copy of the Compact repeats one objective as another and counts 190.
            expected = f"a text other than that of {seen[plain]!r}"
            hint = "Remove the copy, or write what this action says."
            raise row.error("text", action.text, expected, hint)
        seen[plain] = action.id
    return actions


def _objectives(top: Row, actions: Sequence[Action]) -> tuple[Objective, ...]:
    used = dict.fromkeys(action.objective for action in actions)
    rows = list(top.rows(*OBJECTIVES))
    if not rows:
        return tuple(derived_objective(number) for number in used)
    objectives = _records(rows, make_objective, "number")
    known = [objective.number for objective in objectives]
    for row, action in zip(top.rows(*ACTIONS, label=("id",)), actions, strict=True):
        _resolve(row, row.name_of(*OBJECTIVE), [action.objective], known, "an objective")
    for row, number in zip(rows, known, strict=True):
        if number not in used:
            # An empty chapter would have no denominator in any figure.
            hint = "Add its actions, or remove the objective."
            raise row.error("number", number, "an objective that an action names", hint)
    return objectives


def _round_tables(
    top: Row, objectives: Sequence[Objective]
) -> tuple[tuple[RoundTable, ...], tuple[Objective, ...]]:
    """Return the round tables, and the objectives with the table that each belongs to."""
    rows = list(top.rows("round_tables"))
    tables = _records(rows, make_round_table, "number")
    home: dict[str, int] = {}
    for row, table in zip(rows, tables, strict=True):
        _resolve(
            row, "objectives", table.objectives, (o.number for o in objectives), "an objective"
        )
        for number in table.objectives:
            if number in home:
                hint = "Leave it in one round table."
                raise row.error("objectives", number, "each objective in one table", hint)
            home[number] = table.number
    for place, objective in enumerate(objectives):
        told, held = objective.round_table, home.get(objective.number)
        # Reports walk the tables: an objective in none of them would vanish from the page.
        if (tables and held is None) or told not in {None, held}:
            raise CatalogueError(
                f"{top.file}: objectives[{place}] (number {objective.number!r}), "
                "field 'round_table'",
                value="missing" if told is None else told,
                expected="each objective in one of round_tables, and the same number here",
                hint="Make the two agree, or leave out round_tables and every round_table.",
            )
    return tables, tuple(replace(o, round_table=home.get(o.number)) for o in objectives)


def _confusable(top: Row) -> Row:
    return top.row("confusable") or Row(file=top.file, place="", fields={})


def _groups(top: Row, ids: set[str]) -> tuple[Group, ...]:
    rows = list(_confusable(top).rows("groups"))
    groups = _records(rows, make_group, "key")
    for row, group in zip(rows, groups, strict=True):
        _resolve(row, "ids", group.ids, ids, "an action")
    return groups


def _pairs(top: Row, ids: set[str]) -> tuple[tuple[str, str], ...]:
    confusable = _confusable(top)
    pairs = []
    for field, pair in confusable.lists_of_keys("soft_accept_pairs"):
        _resolve(confusable, field, pair, ids, "an action")
        if len(pair) != 2 or pair[0] == pair[1]:
            hint = "Correct or remove the pair."
            raise confusable.error(field, list(pair), "two ids that differ", hint)
        pairs.append((pair[0], pair[1]))
    return tuple(pairs)


def _records(rows: Sequence[Row], make: Callable[[Row], T], name: str) -> tuple[T, ...]:
    """Make a record of each row, no two of which may share the field that names them."""
    made: dict[str, T] = {}
    for row in rows:
        record = make(row)
        key = str(getattr(record, name))
        if key in made:
            before = list(made).index(key)
            expected = f"one of its own; row {before} of the list has it too (rows count from 0)"
            raise row.error(name, key, expected, "Give each row its own, or remove the copy.")
        made[key] = record
    return tuple(made.values())


def _resolve(row: Row, field: str, names: Iterable[str], known: Iterable[str], kind: str) -> None:
    known = list(known)
    for name in names:
        if name not in known:
            expected = f"{kind} of this file, from {known[0]!r} to {known[-1]!r}"
            raise row.error(
                field, name, expected, f"Correct the name, or add {kind} with that name."
            )


def _plain(text: str) -> str:
    """Return what two copies of a text share: its letters and digits, in lower case."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in folded).split())
