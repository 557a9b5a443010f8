"""Records as plain values that JSON can hold, and back with every type checked."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Hashable, Mapping
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
    # By type, the commonest first: a report holds some twenty thousand values.
    kind = type(value)
    if kind in _AS_THEY_ARE:
        return value
    if kind is float or (isinstance(value, float) and not isinstance(value, Enum)):
        return value if digits is None else round(typing.cast("float", value), digits)
    if names := _field_names(kind):  # type: ignore[arg-type]  # a type is hashable
        return {name: plain(getattr(value, name), digits) for name in names}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): plain(value[key], digits) for key in _in_order(value)}
    if isinstance(value, (tuple, list, frozenset, set)):
        items = sorted(value) if isinstance(value, (frozenset, set)) else value
        return [plain(item, digits) for item in items]
    return value


_AS_THEY_ARE = frozenset({str, int, bool, type(None)})


@cache
def _field_names(kind: Hashable) -> tuple[str, ...]:
    """Return the names of a record's fields; none where it is no record."""
    return (
        tuple(item.name for item in fields(kind))
        if isinstance(kind, type) and is_dataclass(kind)
        else ()
    )


def _in_order(table: Mapping[Any, object]) -> list[Any]:
    """Return a table's keys: page numbers by value before words by letter."""
    if all(type(key) is str for key in table):
        return sorted(table)
    return sorted(table, key=_key_order)


def _key_order(key: object) -> tuple[bool, int, str]:
    """Sort page numbers by value and words by letter."""
    number = isinstance(key, int)
    return (not number, key if isinstance(key, int) else 0, str(key))


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
    return _decoder(kind)(value, where)


# Where a value stands: a name, or the place of what holds it with its key or number there.
# Put in words only where something is wrong.
_Place = Any
_Decoder = Callable[[Any, _Place], Any]


@cache
def _decoder(kind: Any) -> _Decoder:
    """Return what decodes values of an annotated type; made once for each type."""
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if kind is object:
        return lambda value, _: value
    if origin is types.UnionType:
        inner = _decoder(args[0])
        return lambda value, where: None if value is None else inner(value, where)
    if origin is tuple:
        return _many(_decoder(args[0]))
    if origin is Mapping:
        return _table(_decoder(args[1]))
    if is_dataclass(kind):
        return _record(typing.cast("type", kind))
    if issubclass(kind, Enum):
        return _member(kind)
    if kind is float:
        return lambda value, where: float(_expect((float, int), value, where))
    return lambda value, where: value if type(value) is kind else _expect(kind, value, where)


def _many(inner: _Decoder) -> _Decoder:
    def decoded(value: Any, where: _Place) -> tuple[Any, ...]:
        items = _expect(list, value, where)
        return tuple([inner(item, (where, i)) for i, item in enumerate(items)])

    return decoded


def _table(inner: _Decoder) -> _Decoder:
    def decoded(value: Any, where: _Place) -> dict[str, Any]:
        return {k: inner(item, (where, k)) for k, item in _expect(dict, value, where).items()}

    return decoded


def _record(kind: type) -> _Decoder:
    hints = typing.get_type_hints(kind)
    known = [
        (item.name, _decoder(hints[item.name]), item.default is item.default_factory is MISSING)
        for item in fields(kind)
    ]

    def decoded(value: Any, where: _Place) -> Any:
        _expect(dict, value, where)
        arguments = {}
        for name, inner, needed in known:
            if name in value:
                arguments[name] = inner(value[name], (where, name))
            elif needed:
                raise _wrong(where, "nothing", f"a field {name!r}")
        return kind(**arguments)

    return decoded


def _member(kind: type[Enum]) -> _Decoder:
    known = {member.value: member for member in kind}

    def decoded(value: Any, where: _Place) -> Enum:
        # True would pass as level 1.
        if isinstance(value, (bool, list, dict)) or value not in known:
            raise _wrong(where, repr(value), f"one of {list(known)}")
        return known[value]

    return decoded


def _expect(kind: Any, value: Any, where: _Place) -> Any:
    if isinstance(value, bool) and kind is not bool:  # bool is an int to Python, not to us
        raise _wrong(where, repr(value), "a number or text")
    if not isinstance(value, kind):
        names = kind if isinstance(kind, tuple) else (kind,)
        raise _wrong(where, repr(value)[:80], " or ".join(name.__name__ for name in names))
    return value


def _wrong(where: _Place, value: str, expected: str) -> ReportError:
    return ReportError(
        f"A report is broken at {_words(where)}", value=value, expected=expected, hint=REPORT_HINT
    )


def _words(where: _Place) -> str:
    if isinstance(where, str):
        return where
    holder, key = where
    return f"{_words(holder)}[{key}]" if isinstance(key, int) else f"{_words(holder)}.{key}"
