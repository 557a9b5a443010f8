"""Parse a framework file; every error names the row and the field.

Accepted: an object with ``actions`` (and, if wanted, ``objectives``, ``guiding_principles``,
``confusable``, ``round_tables``), or a bare list of actions. An action needs ``id`` and
``text``; its objective is the part of the id before the last dot where not given.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gcm_align.catalogue import (
    Action,
    Applicability,
    Framework,
    Group,
    Objective,
    Principle,
    RoundTable,
)
from gcm_align.errors import CatalogueError


def parse_framework(path: Path) -> Framework:
    """
    Parse and check a framework file.

    Raises:
        CatalogueError: With the row and the field, what stood there, what was expected.
    """
    content = _read(path)
    data = {"actions": content} if isinstance(content, list) else content
    if not isinstance(data, dict):
        raise _error("the file", type(content).__name__, "an object with 'actions', or a list")
    rows = data.get("actions")
    if not isinstance(rows, list) or not rows:
        raise _error("field 'actions'", rows, "a list of at least one action")
    actions = tuple(_action(number, row) for number, row in enumerate(rows))
    _check_unique(actions)
    objectives = _objectives(data.get("objectives", []), actions)
    confusable = _optional(data, "confusable", dict, {})
    known = {action.id for action in actions}
    return Framework(
        key=_optional(data, "key", str, path.stem),
        name=_optional(data, "name", str, path.stem),
        source=_optional(data, "source", str, ""),
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        objectives=objectives,
        actions=actions,
        principles=tuple(
            _principle(i, row) for i, row in enumerate(_rows(data, "guiding_principles"))
        ),
        round_tables=tuple(
            _round_table(i, row, objectives) for i, row in enumerate(_rows(data, "round_tables"))
        ),
        groups=tuple(_group(i, row, known) for i, row in enumerate(_rows(confusable, "groups"))),
        soft_accept_pairs=tuple(
            _pair(i, row, known) for i, row in enumerate(_rows(confusable, "soft_accept_pairs"))
        ),
    )


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise _error(
            "The framework file cannot be opened", f"{path} ({error.strerror})", "a JSON file"
        ) from error
    except UnicodeDecodeError as error:
        raise _error(
            "The framework file is not UTF-8", f"{path}, byte {error.start}", "UTF-8 text"
        ) from error
    except json.JSONDecodeError as error:
        where = f"{path}, line {error.lineno}, column {error.colno}: {error.msg}"
        raise _error("The framework file is not JSON", where, "a JSON object or list") from error


def _action(number: int, row: Any) -> Action:
    where = f"actions[{number}]"
    if not isinstance(row, dict):
        raise _error(where, row, "an object with 'id' and 'text'")
    action_id = _text(row, "id", where)
    where = f"{where} (id {action_id!r})"
    stem, _, last = action_id.rpartition(".")
    objective = row.get("objective")
    if objective is not None and (isinstance(objective, bool) or not isinstance(objective, int | str)):
        raise _error(f"{where}, field 'objective'", objective, "a number or a name")
    return Action(
        id=action_id,
        objective=str(objective) if objective is not None else stem or action_id,
        letter=_optional(row, "letter", str, last, where),
        text=_text(row, "text", where),
        verb=_optional(row, "verb", str, "", where),
        paragraph=_optional(row, "gcm_paragraph", str, "", where),
        core_elements=_texts(row, "core_elements", where),
        extra_elements=_texts(row, "official_extra_elements", where),
        note=_optional(row, "note", str, "", where),
        applicability=_applicability(row.get("applicability"), where),
    )


def _applicability(row: Any, where: str) -> Applicability | None:
    if row is None:
        return None
    where = f"{where}, field 'applicability'"
    if not isinstance(row, dict):
        raise _error(where, row, "an object")
    return Applicability(
        primary_roles=_texts(row, "primary_roles", where),
        levels=_texts(row, "levels", where),
        primary_level=_optional(row, "primary_level", str, "", where),
        expressible=_optional(row, "expressible_in_national_document", str, "yes", where),
        counted=row.get("default_if_absent", "gap") == "gap",
        sectors=_texts(row, "sectors", where),
        reason=_optional(row, "reason", str, "", where),
    )


def _check_unique(actions: Sequence[Action]) -> None:
    ids: dict[str, int] = {}
    texts: dict[str, Action] = {}
    for number, action in enumerate(actions):
        if action.id in ids:
            raise _error(
                f"actions[{number}], field 'id'", action.id, f"an id unlike actions[{ids[action.id]}]"
            )
        same = " ".join(action.text.casefold().split())
        if same in texts:
            raise _error(
                f"actions[{number}] (id {action.id!r}), field 'text'",
                action.text,
                f"a text unlike that of {texts[same].id!r}",
            )
        ids[action.id], texts[same] = number, action


def _objectives(rows: Any, actions: Sequence[Action]) -> tuple[Objective, ...]:
    """Return the objectives given, or one for each that an action names."""
    if not isinstance(rows, list):
        raise _error("field 'objectives'", rows, "a list")
    used = list(dict.fromkeys(action.objective for action in actions))
    if not rows:
        return tuple(Objective(number=key, title=f"Objective {key}") for key in used)
    objectives = tuple(_objective(number, row) for number, row in enumerate(rows))
    numbers = [objective.number for objective in objectives]
    for number, key in enumerate(numbers):
        if key in numbers[:number]:
            raise _error(f"objectives[{number}], field 'number'", key, "a number not used above")
    for number, action in enumerate(actions):
        if action.objective not in numbers:
            where = f"actions[{number}] (id {action.id!r}), field 'objective'"
            raise _error(where, action.objective, "the number of an objective of this file")
    return objectives


def _objective(number: int, row: Any) -> Objective:
    where = f"objectives[{number}]"
    if not isinstance(row, dict):
        raise _error(where, row, "an object with 'number' and 'title'")
    key = row.get("number")
    if isinstance(key, bool) or not isinstance(key, int | str) or key == "":
        raise _error(f"{where}, field 'number'", key, "a number or a name")
    round_table = row.get("imrf_round_table")
    if round_table is not None and not isinstance(round_table, int):
        raise _error(f"{where}, field 'imrf_round_table'", round_table, "a whole number")
    return Objective(
        number=str(key),
        title=_text(row, "title", where),
        short_title=_optional(row, "short_title", str, "", where),
        label=_optional(row, "hub_label", str, "", where),
        round_table=round_table,
        paragraph=str(row.get("gcm_paragraph", "")),
        commitments=_texts(row, "commitments", where),
    )


def _principle(number: int, row: Any) -> Principle:
    where = f"guiding_principles[{number}]"
    if not isinstance(row, dict):
        raise _error(where, row, "an object with 'key' and 'name'")
    return Principle(
        key=_text(row, "key", where),
        name=_text(row, "name", where),
        paragraph=_optional(row, "gcm_paragraph", str, "", where),
        gist=_optional(row, "gist", str, "", where),
        cues=_texts(row, "text_cues", where),
    )


def _round_table(number: int, row: Any, objectives: Sequence[Objective]) -> RoundTable:
    where = f"round_tables[{number}]"
    if not isinstance(row, dict) or not isinstance(row.get("number"), int):
        raise _error(where, row, "an object with 'number', 'theme' and 'objectives'")
    members = tuple(str(key) for key in row.get("objectives", []))
    for key in members:
        if key not in {objective.number for objective in objectives}:
            raise _error(f"{where}, field 'objectives'", key, "the number of an objective")
    return RoundTable(number=row["number"], theme=_text(row, "theme", where), objectives=members)


def _group(number: int, row: Any, known: set[str]) -> Group:
    where = f"confusable.groups[{number}]"
    if not isinstance(row, dict):
        raise _error(where, row, "an object with 'ids' and 'rule'")
    ids = _texts(row, "ids", where)
    for action_id in ids:
        if action_id not in known:
            raise _error(f"{where}, field 'ids'", action_id, "the id of an action of this file")
    return Group(
        key=_text(row, "key", where),
        kind=_optional(row, "kind", str, "", where),
        title=_optional(row, "title", str, "", where),
        ids=ids,
        rule=_text(row, "rule", where),
    )


def _pair(number: int, row: Any, known: set[str]) -> tuple[str, str]:
    where = f"confusable.soft_accept_pairs[{number}]"
    if not isinstance(row, list) or len(row) != 2 or not set(row) <= known:
        raise _error(where, row, "two ids of actions of this file")
    return (row[0], row[1])


def _rows(data: dict[str, Any], field: str) -> list[Any]:
    rows: list[Any] = _optional(data, field, list, [])
    return rows


def _text(row: dict[str, Any], field: str, where: str) -> str:
    value = row.get(field)
    if not isinstance(value, str) or not value.strip():
        raise _error(f"{where}, field {field!r}", value, "a text that is not empty")
    return value


def _texts(row: dict[str, Any], field: str, where: str) -> tuple[str, ...]:
    values = row.get(field, [])
    if not isinstance(values, list) or any(not isinstance(v, str) or not v.strip() for v in values):
        raise _error(f"{where}, field {field!r}", values, "a list of texts")
    return tuple(values)


def _optional(row: dict[str, Any], field: str, kind: type, default: Any, where: str = "") -> Any:
    value = row.get(field)
    if value is None:
        return default
    if not isinstance(value, kind):
        name = f"{where}, field {field!r}" if where else f"field {field!r}"
        raise _error(name, value, f"a {kind.__name__}")
    return value


def _error(where: str, value: object, expected: str) -> CatalogueError:
    shown = repr(value)
    return CatalogueError(
        where,
        value=shown if len(shown) < 120 else shown[:117] + "...",
        expected=expected,
        hint="Correct the framework file; data/schema/framework.schema.json describes it.",
    )
