"""A configuration file with its lines: gcm-align.toml, or [tool.gcm-align] of pyproject.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gcm_align.errors import ConfigurationError

OWN_FILE, PROJECT_FILE = "gcm-align.toml", "pyproject.toml"
TABLE = "tool.gcm-align"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigFile:
    """A configuration file as read: its values, and its lines for messages."""

    path: Path
    values: Mapping[str, Any]
    lines: tuple[str, ...]
    table: str  # "" in gcm-align.toml

    def place(self, key: str, table: str = "", entry: int = 0) -> str:
        """Return ``FILE:LINE`` of a key, of its table where the key is not spelled out."""
        wanted = ".".join(part for part in (self.table, table) if part)
        line = _line_of(self.lines, wanted, key, entry)
        return f"{self.path.name}:{line}" if line else self.path.name


def find_file(start: Path) -> Path | None:
    """Return the nearest gcm-align.toml, or pyproject.toml that speaks of gcm-align, upwards."""
    for folder in (start, *start.parents):
        if (folder / OWN_FILE).is_file():
            return folder / OWN_FILE
        project = folder / PROJECT_FILE
        if project.is_file():
            text = project.read_text(encoding="utf-8", errors="replace")
            # Another tool's file is not ours to find fault with.
            if TABLE in text and "gcm-align" in _tool(_parse(project, text)):
                return project
    return None


def read_file(path: Path) -> ConfigFile:
    """
    Read a configuration file; its values are not checked yet.

    Raises:
        ConfigurationError: It is missing or is no TOML; the message names the line.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            "The configuration cannot be read",
            value=f"{path} ({getattr(error, 'strerror', None) or error})",
            expected="a TOML file in UTF-8",
            hint="Check the path that --config names.",
        ) from error
    data = _parse(path, text)
    own = path.name != PROJECT_FILE
    values = data if own else _tool(data).get("gcm-align", {})
    return ConfigFile(
        path=path,
        values=values,
        lines=tuple(text.splitlines()),
        table="" if own else TABLE,
    )


def _parse(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        place = f"{path.name}:{found[1]}:{found[2]}" if found else path.name
        raise ConfigurationError(
            f"{place}: the file is not TOML",
            value=str(error).split(" (at ")[0],
            expected="a TOML file",
            hint="Correct the line.",
        ) from error


def _tool(data: dict[str, Any]) -> dict[str, Any]:
    tool = data.get("tool", {})
    return tool if isinstance(tool, dict) else {}


def _line_of(lines: tuple[str, ...], table: str, key: str, entry: int) -> int:
    """Return the line of a key in a table, else of the table, counted from 1; 0 if neither."""
    # tomllib keeps no places, and a parser that does is one more dependency for one number.
    current, seen, found = "", -1, 0
    for number, line in enumerate(lines, start=1):
        head = re.match(r"\s*\[\[?\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$", line)
        if head:
            current = re.sub(r"[\s\"']", "", head[1])
            if current == table:
                seen += 1
                found = number if seen <= entry else found
            continue
        name = re.match(r"\s*[\"']?([\w.-]+)[\"']?\s*[.=]", line)
        if name and name[1] == key and current == table and (seen == entry or not table):
            return number
        if name and table and f"{current}.{name[1]}".strip(".") in (table, f"{table}.{key}"):
            found = found or number
    return found
