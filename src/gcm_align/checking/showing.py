"""The configuration in words: every key with its origin, and the rules."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping
from typing import Any

from gcm_align.checking.configuration import KEYS, LEVEL_BY_NAME, CheckConfig
from gcm_align.findings import RULES


def shown(config: CheckConfig) -> str:
    """Return the whole configuration as TOML that may be copied, with origins as comments."""
    lines = [f"# file: {config.file or 'none'}", f"# root: {config.root}", ""]
    for key in KEYS:
        value = getattr(config, key.attribute)
        origin = config.origins.get(key.name, "default")
        # An empty text is no value that a file may hold; the key is shown for its name.
        mark = "# " if value == "" else ""
        lines.append(f"{mark}{key.name} = {_toml(value)}  # {origin}: {key.help}")
    lines += ["", "[rules]"]
    for rule in RULES:
        origin = config.origins.get(f"rules.{rule.id}", "default")
        lines.append(f"{rule.id} = {_toml(config.severity(rule.id).value)}  # {origin}")
    names = {number: name for name, number in LEVEL_BY_NAME.items()}
    for item in config.required:
        lines += [
            "",
            "[[required]]",
            f"actions = {_toml(item.actions)}",
            f"objectives = {_toml(item.objectives)}",
            f"paths = {_toml(item.paths)}",
            f"level = {_toml(names[item.level])}",
            f"per = {_toml(item.per)}",
        ]
    return "\n".join(lines) + "\n"


def rules_text(config: CheckConfig) -> str:
    """Return every rule: id, severity here, title and help."""
    parts = []
    for rule in RULES:
        body = textwrap.fill(
            rule.help,
            92,
            initial_indent="    ",
            subsequent_indent="    ",
            break_on_hyphens=False,
        )
        parts.append(f"{rule.id} ({config.severity(rule.id)})\n    {rule.title}.\n{body}\n")
    return "\n".join(parts)


def _toml(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_toml(item) for item in value)}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        raise TypeError(f"no table stands within a line: {value}")
    if isinstance(value, (int, float)):
        return repr(value)
    return json.dumps(str(value), ensure_ascii=False)
