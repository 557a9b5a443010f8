"""``report.json``: the canonical form of a report, written and read.

Fields stand in the order of their records, keys of mappings are sorted, floats have four
digits: the same report gives the same bytes on every machine. Reading checks each value
against the type of its record, so that a wrong file is named by the place of the fault.
"""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

from gcm_align.errors import ReportError
from gcm_align.types import Report

DIGITS = 4
SUPPORTED_MAJOR = "1"  # a new minor version only adds fields
_HINT = "Make the report again with this version of gcm-align."


def to_json(report: Report) -> str:
    """Return a report as canonical JSON: indented, UTF-8 text as it is, one final newline."""
    return json.dumps(plain(report), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def plain(value: object) -> object:
    """Return a record as dictionaries, lists and scalars; enumerations as their values."""
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): plain(value[key]) for key in sorted(value, key=_key_order)}
    if isinstance(value, (tuple, list, frozenset, set)):
        items = sorted(value) if isinstance(value, (frozenset, set)) else value
        return [plain(item) for item in items]
    if isinstance(value, float):
        return round(value, DIGITS)
    return value


def _key_order(key: object) -> tuple[bool, int, str]:
    """Sort page numbers by value and words by letter."""
    number = isinstance(key, int)
    return (not number, key if isinstance(key, int) else 0, str(key))


def read_report(path: Path) -> Report:
    """
    Read a report that :func:`to_json` wrote.

    Unknown fields are left out, so that a newer minor version can be read.

    Raises:
        ReportError: The file is missing, is no JSON, is of another major version, or a
            value has the wrong type; the message names its place.
    """
    data = _load(path)
    version = data.get("schema_version") if isinstance(data, dict) else None
    if not isinstance(version, str) or version.split(".")[0] != SUPPORTED_MAJOR:
        raise ReportError(
            f"{path} is not a report that can be read: its schema_version is wrong",
            value=repr(version),
            expected=f"schema_version {SUPPORTED_MAJOR}.x",
            hint=_HINT,
        )
    return typing.cast("Report", _decode(Report, data, "report"))


def _load(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ReportError(
            "A report cannot be opened",
            value=f"{path} ({error.strerror})",
            expected="a report.json that gcm-align wrote",
            hint="Check the path; give the file, not its folder.",
        ) from error
    except ValueError as error:  # bad UTF-8 or bad JSON
        raise ReportError(
            f"{path} is not JSON",
            value=str(error),
            expected="a report.json that gcm-align wrote",
            hint=_HINT,
        ) from error


@cache
def _hints(record: type) -> dict[str, Any]:
    return typing.get_type_hints(record)


def _decode(kind: Any, value: Any, where: str) -> Any:
    """Return a value of the annotated type, or raise with its place."""
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if kind is object:
        return value
    if origin is types.UnionType:
        return None if value is None else _decode(args[0], value, where)
    if origin is tuple:
        items = _expect(list, value, where)
        return tuple(_decode(args[0], item, f"{where}[{i}]") for i, item in enumerate(items))
    if origin is Mapping:
        table = _expect(dict, value, where)
        return {key: _decode(args[1], item, f"{where}.{key}") for key, item in table.items()}
    if is_dataclass(kind):
        return _decode_record(typing.cast("type", kind), _expect(dict, value, where), where)
    if issubclass(kind, Enum):
        return _decode_enum(kind, value, where)
    if kind is float:
        return float(_expect((float, int), value, where))
    return _expect(kind, value, where)


def _decode_record(kind: type, value: dict[str, Any], where: str) -> Any:
    arguments = {}
    for item in fields(kind):
        if item.name in value:
            hint = _hints(kind)[item.name]
            arguments[item.name] = _decode(hint, value[item.name], f"{where}.{item.name}")
        elif item.default is MISSING and item.default_factory is MISSING:
            raise _wrong(where, "nothing", f"a field {item.name!r}")
    return kind(**arguments)


def _decode_enum(kind: type[Enum], value: Any, where: str) -> Enum:
    known = [member.value for member in kind]
    if isinstance(value, bool) or value not in known:  # True would pass as level 1
        raise _wrong(where, repr(value), f"one of {known}")
    return kind(value)


def _expect(kind: Any, value: Any, where: str) -> Any:
    if isinstance(value, bool) and kind is not bool:  # bool is an int to Python, not to us
        raise _wrong(where, repr(value), "a number or text")
    if not isinstance(value, kind):
        names = kind if isinstance(kind, tuple) else (kind,)
        raise _wrong(where, repr(value)[:80], " or ".join(name.__name__ for name in names))
    return value


def _wrong(where: str, value: str, expected: str) -> ReportError:
    return ReportError(f"A report is broken at {where}", value=value, expected=expected, hint=_HINT)
