"""Records as plain values that JSON can hold, and back with every type checked."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any

from gcm_align.errors import ReportError

DIGITS = 4
REPORT_HINT = "Make the report again with this version of gcm-align."


def plain(value: object, digits: int | None = DIGITS) -> object:
    """
    Return a record as dictionaries, lists and scalars; enumerations as their values.

    Args:
        value: A record, or anything that one holds.
        digits: Floats are rounded to these; None keeps them to the last bit.
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: plain(getattr(value, item.name), digits) for item in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): plain(value[key], digits) for key in sorted(value, key=_key_order)}
    if isinstance(value, (tuple, list, frozenset, set)):
        items = sorted(value) if isinstance(value, (frozenset, set)) else value
        return [plain(item, digits) for item in items]
    if isinstance(value, float) and digits is not None:
        return round(value, digits)
    return value


def _key_order(key: object) -> tuple[bool, int, str]:
    """Sort page numbers by value and words by letter."""
    number = isinstance(key, int)
    return (not number, key if isinstance(key, int) else 0, str(key))


@cache
def _hints(record: type) -> dict[str, Any]:
    return typing.get_type_hints(record)


def decode(kind: Any, value: Any, where: str) -> Any:
    """
    Return a value of the annotated type.

    Args:
        kind: A record, or the annotation of one of its fields.
        value: What plain() returned, as JSON holds it.
        where: Name of the value in a message.

    Raises:
        ReportError: It has another type; the message names its place.
    """
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if kind is object:
        return value
    if origin is types.UnionType:
        return None if value is None else decode(args[0], value, where)
    if origin is tuple:
        items = _expect(list, value, where)
        return tuple(decode(args[0], item, f"{where}[{i}]") for i, item in enumerate(items))
    if origin is Mapping:
        table = _expect(dict, value, where)
        return {key: decode(args[1], item, f"{where}.{key}") for key, item in table.items()}
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
            arguments[item.name] = decode(hint, value[item.name], f"{where}.{item.name}")
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
    return ReportError(
        f"A report is broken at {where}", value=value, expected=expected, hint=REPORT_HINT
    )
