"""JSON files read with care: every complaint names the row, the field and the value."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gcm_align.errors import CatalogueError

_SHOWN_CHARACTERS = 80  # of a wrong value, in a message
_KINDS = {dict: "an object", list: "a list", str: "a text", bool: "true or false"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """
    One JSON object with its place in the file, such as ``actions[12] (id '2.b')``.

    Every method that reads a field takes its names: the first is ours, the others are
    accepted for it. Two names of one field in one row are refused.
    """

    file: str
    place: str
    fields: Mapping[str, Any]

    def error(self, field: str, value: object, expected: str, hint: str) -> CatalogueError:
        """Return the complaint about one field of this row, to be raised."""
        where = f"{self.place}, field {field!r}" if self.place else f"field {field!r}"
        return CatalogueError(
            f"{self.file}: {where}", value=shown(value), expected=expected, hint=hint
        )

    def name_of(self, *names: str) -> str:
        """Return the name under which the row holds a field, or the first if it does not."""
        held = [name for name in names if self.fields.get(name) is not None]
        if len(held) > 1:
            raise self.error(
                held[1],
                self.fields[held[1]],
                f"one of the names {' and '.join(map(repr, held))}, not both",
                "They mean the same: keep one.",
            )
        return held[0] if held else names[0]

    def value(self, *names: str) -> Any:
        """Return a field as it stands, None where it is absent."""
        return self.fields.get(self.name_of(*names))

    def text(self, *names: str, default: str | None = None) -> str:
        """
        Return a text with its white space made single; without a default it must be there.

        With one, null and a blank text count as absent: exported tables are full of them.
        """
        name = self.name_of(*names)
        value = self.fields.get(name)
        blank = value is None or (isinstance(value, str) and not value.strip())
        if blank and default is not None:
            return default
        return self._clean(name, value)

    def key(self, *names: str, default: str | None = None) -> str:
        """Return a name or number as text, so that 1 and "1" are the same key."""
        name = self.name_of(*names)
        value = self.fields.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if isinstance(value, float):  # 1.10 would be read as 1.1
            raise self.error(
                name,
                value,
                "a text or a whole number",
                f'Put it in quotation marks, such as "{value}".',
            )
        return self.text(*names, default=default)

    def number(self, *names: str) -> int | None:
        """Return a whole number, None where it is absent."""
        name = self.name_of(*names)
        value = self.fields.get(name)
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        raise self.error(name, value, "a whole number", "Correct the number or leave it out.")

    def texts(self, *names: str) -> tuple[str, ...]:
        """Return a list of texts, empty where it is absent."""
        name = self.name_of(*names)
        return tuple(self._clean(f"{name}[{i}]", v) for i, v in enumerate(self._list(name)))

    def keys(self, *names: str) -> tuple[str, ...]:
        """Return a list of names or numbers as texts, empty where it is absent."""
        items = self._items(self.name_of(*names))
        return tuple(items.key(field) for field in items.fields)

    def lists_of_keys(self, name: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield the lists of a list, each with the field it stands in, such as ``pairs[3]``."""
        items = self._items(name)
        for field in items.fields:
            yield field, items.keys(field)

    def rows(self, *names: str, label: tuple[str, ...] = ("key", "number")) -> Iterator[Row]:
        """Yield the objects of a list; ``label`` names the fields that tell them apart."""
        name = self.name_of(*names)
        for index, value in enumerate(self._list(name)):
            place = f"{self.place}.{name}[{index}]" if self.place else f"{name}[{index}]"
            yield self._row(place, value, label)

    def row(self, name: str) -> Row | None:
        """Return the object that a field holds, None where it is absent."""
        value = self.fields.get(name)
        if value is None:
            return None
        return self._row(f"{self.place}.{name}" if self.place else name, value, ())

    def _row(self, place: str, value: object, label: tuple[str, ...]) -> Row:
        if not isinstance(value, dict):
            raise CatalogueError(
                f"{self.file}: {place}",
                value=shown(value),
                expected="an object with named fields",
                hint="Correct or remove this row.",
            )
        told = [f" ({n} {shown(value[n])})" for n in label if isinstance(value.get(n), str | int)]
        return Row(file=self.file, place=place + "".join(told[:1]), fields=value)

    def _items(self, name: str) -> Row:
        """Return the items of a list as fields, so that a complaint names the item."""
        fields = {f"{name}[{i}]": value for i, value in enumerate(self._list(name))}
        return Row(file=self.file, place=self.place, fields=fields)

    def _list(self, name: str) -> list[Any]:
        value = self.fields.get(name)
        if value is None:
            return []
        if isinstance(value, list):
            return value
        raise self.error(name, value, "a list", "Put it in square brackets or leave it out.")

    def _clean(self, name: str, value: object) -> str:
        if not isinstance(value, str) or not value.strip():
            missing = value is None
            raise self.error(
                name,
                "missing" if missing else value,
                "a text that is not empty",
                "Add the field to this row." if missing else "Correct this field.",
            )
        text = " ".join(value.split())
        # Control characters and lone surrogates cannot be written to XML, XLSX or UTF-8.
        bad = next((c for c in text if unicodedata.category(c) in {"Cc", "Cs"}), None)
        if bad is not None:
            raise self.error(
                name, f"U+{ord(bad):04X}", "printable characters", "Remove that character."
            )
        return text


def shown(value: object) -> str:
    """Return a wrong value as a message shows it: short, on one line, with its kind."""
    if value == "missing":
        return "missing"
    kind = _KINDS.get(type(value))
    # ascii() where a lone surrogate could not be printed; cut, for a value may be a book.
    words = repr(value)[:_SHOWN_CHARACTERS].encode("utf-8", "backslashreplace").decode()
    return f"{words} ({kind})" if kind and not isinstance(value, str) else words


def read_json(path: Path) -> tuple[Any, str]:
    """
    Return what a JSON file holds, and the sha256 of its bytes.

    Raises:
        CatalogueError: Nothing can be read at the path, or it is not JSON in UTF-8.
    """
    if not path.is_file():  # a pipe or a device would be read without end
        raise CatalogueError(
            "The framework file is not a file",
            value=f"{path} ({'not a plain file' if path.exists() else 'nothing is there'})",
            expected="a JSON file",
            hint="Correct the path, or leave it out for the Global Compact for Migration.",
        )
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CatalogueError(
            "The framework file cannot be read",
            value=f"{path} ({error.strerror or type(error).__name__})",
            expected="a JSON file that this user may read",
            hint="Check its permissions.",
        ) from error
    try:
        text = content.decode("utf-8-sig")  # editors on Windows write a byte order mark
    except UnicodeDecodeError as error:
        raise CatalogueError(
            f"{path.name}: not UTF-8 at byte {error.start}",
            value=f"0x{content[error.start]:02x}",
            expected="a JSON file in UTF-8",
            hint="Save the file again with the encoding UTF-8.",
        ) from error
    return parse_json(text, path.name), hashlib.sha256(content).hexdigest()


def parse_json(text: str, file: str) -> Any:
    """
    Parse JSON in which no object holds a name twice.

    Raises:
        CatalogueError: With line and column where the text is not JSON.
    """

    def unique(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in pairs:
            if name in found:
                place = f" (id {found['id']!r})" if "id" in found else ""
                raise CatalogueError(
                    f"{file}: one object{place} holds the field {name!r} twice",
                    value=shown(value),
                    expected="each name once in an object",
                    hint="Remove one of the two; JSON would keep the last without a word.",
                )
            found[name] = value
        return found

    try:
        return json.loads(text, object_pairs_hook=unique)
    except json.JSONDecodeError as error:
        raise CatalogueError(
            f"{file}: not valid JSON at line {error.lineno}, column {error.colno}",
            value=error.msg,
            expected="a JSON file",
            hint="Correct the file there; a comma or a quotation mark is the usual cause.",
        ) from error
    except (RecursionError, ValueError) as error:
        raise CatalogueError(
            f"{file}: not usable as JSON",
            value=str(error).splitlines()[0] or type(error).__name__,
            expected="a list of actions, or an object that holds one",
            hint="See data/schema/framework.schema.json for the shape of the file.",
        ) from error
