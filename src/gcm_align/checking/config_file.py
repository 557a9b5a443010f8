"""From a file, variables and flags to one checked record."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gcm_align.checking.configuration import (
    KEY_BY_NAME,
    KEYS,
    LEVEL_BY_NAME,
    PATH_KEYS,
    REQUIRED_TABLE,
    RULES_TABLE,
    CheckConfig,
    Key,
    Required,
    fault,
)
from gcm_align.checking.toml_file import ConfigFile
from gcm_align.errors import ConfigurationError
from gcm_align.findings import RULE_BY_ID, Severity

_HINT = "`gcm-align config --show` prints every key with its value."
_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}
_REQUIRED = ("actions", "objectives", "paths", "level", "per")


def make_config(
    file: ConfigFile | None,
    environment: Mapping[str, str],
    flags: Mapping[str, Any],
    *,
    start: Path,
) -> CheckConfig:
    """
    Lay flags over variables over the file over the defaults.

    Args:
        file: The configuration file, or None.
        environment: Variables; those named GCM_ALIGN_... of the keys are used.
        flags: By key, what the command line gave; keys not given are absent.
        start: The working directory; the root where there is neither file nor repository.

    Raises:
        ConfigurationError: A key or value is wrong; the message names file and line.
    """
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    if file is not None:
        for name, value in file.values.items():
            if name in (RULES_TABLE, REQUIRED_TABLE):
                continue
            key = _known(name, file.place(name))
            values[key.attribute] = _checked(key, value, file.place(name))
            origins[name] = file.place(name)
    for key in KEYS:
        if text := environment.get(key.variable, ""):
            place = f"environment variable {key.variable}"
            value = str(start / text) if key.name in PATH_KEYS else _from_text(key, text)
            values[key.attribute] = _checked(key, value, place)
            origins[key.name] = place
    rules, rule_origins = _rules(file)
    for name, value in flags.items():
        if name == RULES_TABLE:
            rules |= dict(value)
            rule_origins |= dict.fromkeys((f"rules.{rule}" for rule in value), "command line")
            continue
        key = KEY_BY_NAME[name]
        values[key.attribute] = _checked(key, value, f"--{name}")
        origins[name] = "command line"
    chosen: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
    top = _repository(start)
    root = file.path.parent if file is not None else top or start
    inside = top is not None and root.is_relative_to(top) and root != top
    return CheckConfig(
        root=root,
        prefix=root.relative_to(top).as_posix() if top is not None and inside else "",
        file=str(file.path) if file is not None else "",
        rules=rules,
        required=_required(file),
        origins=origins | rule_origins,
        **chosen,
    )


def parse_rule(text: str) -> tuple[str, Severity]:
    """
    Return rule and severity of ``RULE=SEVERITY``.

    Raises:
        ConfigurationError: The rule or the severity is unknown.
    """
    name, _, severity = text.partition("=")
    return _rule(name, severity, "--rule")


def _rules(file: ConfigFile | None) -> tuple[dict[str, Severity], dict[str, str]]:
    found: dict[str, Severity] = {}
    origins: dict[str, str] = {}
    table = {} if file is None else file.values.get(RULES_TABLE, {})
    if file is not None and not isinstance(table, dict):
        raise _wrong(file.place(RULES_TABLE), RULES_TABLE, table, "a table of rules")
    for name, severity in table.items():
        assert file is not None
        place = file.place(name, RULES_TABLE)
        rule, weight = _rule(name, severity, place)
        found[rule], origins[f"rules.{rule}"] = weight, place
    return found, origins


def _rule(name: str, severity: Any, place: str) -> tuple[str, Severity]:
    if name not in RULE_BY_ID:
        raise ConfigurationError(
            f"{place}: there is no such rule",
            value=repr(name),
            expected=f"one of {', '.join(RULE_BY_ID)}",
            hint="Correct the name.",
        )
    if severity not in tuple(Severity):
        raise _wrong(place, name, severity, f"one of {', '.join(Severity)}")
    return name, Severity(severity)


def _required(file: ConfigFile | None) -> tuple[Required, ...]:
    entries = () if file is None else file.values.get(REQUIRED_TABLE, ())
    made = []
    for number, entry in enumerate(entries):
        assert file is not None
        place = file.place("", REQUIRED_TABLE, number)
        if not isinstance(entry, dict):
            raise _wrong(place, REQUIRED_TABLE, entry, "tables written [[required]]")
        made.append(_requirement(entry, file, number))
    return tuple(made)


def _requirement(entry: dict[str, Any], file: ConfigFile, number: int) -> Required:
    for name, value in entry.items():
        place = file.place(name, REQUIRED_TABLE, number)
        if name not in _REQUIRED:
            raise _wrong(place, "key in [[required]]", name, f"one of {', '.join(_REQUIRED)}")
        listed = name in ("actions", "objectives", "paths")
        if listed and not (
            isinstance(value, list)
            and all(isinstance(v, (str, int)) and not isinstance(v, bool) for v in value)
        ):
            raise _wrong(place, name, value, 'a list, such as ["13.c", "13.h"]')
        if name == "level" and value not in LEVEL_BY_NAME:
            raise _wrong(place, name, value, f"one of {', '.join(LEVEL_BY_NAME)}")
        if name == "per" and value not in ("document", "together"):
            raise _wrong(place, name, value, "document or together")
    if not entry.get("actions") and not entry.get("objectives"):
        place = file.place("", REQUIRED_TABLE, number)
        raise _wrong(place, "actions", "missing", "actions or objectives in every [[required]]")
    lists = {k: tuple(map(str, v)) for k, v in entry.items() if isinstance(v, list)}
    return Required(
        actions=lists.get("actions", ()),
        objectives=lists.get("objectives", ()),
        paths=lists.get("paths", ("*",)),
        level=LEVEL_BY_NAME[entry.get("level", "addressed")],
        per=entry.get("per", "document"),
    )


def _known(name: str, place: str) -> Key:
    if name not in KEY_BY_NAME:
        raise ConfigurationError(
            f"{place}: there is no such key",
            value=repr(name),
            expected=f"one of {', '.join((*KEY_BY_NAME, RULES_TABLE, REQUIRED_TABLE))}",
            hint=_HINT,
        )
    return KEY_BY_NAME[name]


def _checked(key: Key, value: Any, place: str) -> Any:
    expected = fault(key, value)
    if expected:
        raise _wrong(place, key.name, value, expected)
    return Severity(value) if key.name == "fail-on" else value


def _wrong(place: str, name: str, value: Any, expected: str) -> ConfigurationError:
    return ConfigurationError(
        f"{place}: {name} is not usable", value=repr(value), expected=expected, hint=_HINT
    )


def _from_text(key: Key, text: str) -> Any:
    """Return a variable's text as a value of its key's kind, or as it is where it is none."""
    if key.kind == "texts":
        return [part.strip() for part in re.split(r"[,\n]", text) if part.strip()]
    if key.kind == "flag":
        low = text.strip().lower()
        return True if low in _TRUE else False if low in _FALSE else text
    if key.kind in ("whole", "share", "seconds"):
        try:
            return int(text) if key.kind == "whole" else float(text)
        except ValueError:
            return text
    return text


def _repository(start: Path) -> Path | None:
    """Return the top of the git repository that holds a folder."""
    return next((f for f in (start, *start.parents) if (f / ".git").exists()), None)
