"""What was accepted: a file beside the texts, one line an action, read in a review.

It holds no page, no line and no digest of a file, so that re-flowed text leaves it byte for
byte as it is. Gaps are left out: an action that stands in no entry was a gap, or in doubt.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gcm_align.errors import BaselineError

SCHEMA_VERSION = "1.0"
NEEDS_REVIEW, NOT_APPLICABLE = "NR", "NA"
_HINT = "Correct the entry, or write the file again with `gcm-align baseline write`."


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A reviewer's decision, and the digest of the clause that it was taken on."""

    level: int | str  # 0 to 4, or NA
    reviewer: str
    date: str
    reason: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """A clause against the action that was accepted."""

    flag: str
    digest: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a document said on an action."""

    level: int | None = 0
    suggested: int = 0
    digest: str = ""
    section: str = ""
    words: str = ""
    flag: str = ""
    counter: tuple[Counter, ...] = ()
    review: Review | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """A finding that is let pass until a day, with a reason."""

    fingerprint: str
    reason: str
    expires: str
    rule: str = ""
    document: str = ""

    def in_force(self, today: dt.date) -> bool:
        """Say whether the last day has not passed."""
        return today <= dt.date.fromisoformat(self.expires)


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """The whole file."""

    made_with: Mapping[str, str] = field(default_factory=dict)
    documents: Mapping[str, Mapping[str, Entry]] = field(default_factory=dict)
    suppressions: tuple[Suppression, ...] = ()


def read_baseline(path: Path) -> Baseline:
    """
    Read a baseline file.

    Raises:
        BaselineError: It is missing, no JSON, or an entry is wrong; the message names it.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BaselineError(
            "The baseline cannot be read",
            value=f"{path} ({error.strerror})",
            expected="a file that `gcm-align baseline write` made",
            hint="Write it first, or leave the baseline out.",
        ) from error
    except ValueError as error:
        hint = "A merge left its marks? Write the file again with `gcm-align baseline write`."
        raise BaselineError(
            f"{path.name} is not JSON", value=error, expected="a baseline file", hint=hint
        ) from error
    table = _table(data, path.name)
    version = table.get("schema_version")
    if not isinstance(version, str) or version.split(".")[0] != SCHEMA_VERSION.split(".")[0]:
        raise _wrong(path.name, "schema_version", version, f"{SCHEMA_VERSION.split('.')[0]}.x")
    documents = _table(table.get("documents", {}), f"{path.name}: documents")
    suppressions = table.get("suppressions", [])
    if not isinstance(suppressions, list):
        raise _wrong(path.name, "suppressions", suppressions, "a list")
    return Baseline(
        made_with=_table(table.get("made_with", {}), f"{path.name}: made_with"),
        documents={
            name: {
                action: _entry(entry, f"{path.name}: {name}, {action}")
                for action, entry in _table(actions, f"{path.name}: {name}").items()
            }
            for name, actions in documents.items()
        },
        suppressions=tuple(
            _suppression(item, f"{path.name}: suppressions[{number}]")
            for number, item in enumerate(suppressions)
        ),
    )


def _entry(data: Any, place: str) -> Entry:
    table = _table(data, place)
    level = table.get("level", 0)
    suggested = table.get("suggested", 0 if level == NEEDS_REVIEW else level)
    if level != NEEDS_REVIEW and not _is_level(level):
        raise _wrong(place, "level", level, f"0 to 4, or {NEEDS_REVIEW}")
    if not _is_level(suggested):
        raise _wrong(place, "suggested", suggested, "0 to 4")
    counter = table.get("counter", [])
    if not isinstance(counter, list):
        raise _wrong(place, "counter", counter, "a list")
    return Entry(
        level=None if level == NEEDS_REVIEW else level,
        suggested=suggested,
        digest=_text(table, "digest", place, required=False),
        section=_text(table, "section", place, required=False),
        words=_text(table, "words", place, required=False),
        flag=_text(table, "flag", place, required=False),
        counter=tuple(
            Counter(
                flag=_text(_table(item, place), "flag", place),
                digest=_text(_table(item, place), "digest", place),
                words=_text(_table(item, place), "words", place, required=False),
            )
            for item in counter
        ),
        review=_review(table["review"], f"{place}, review") if "review" in table else None,
    )


def _review(data: Any, place: str) -> Review:
    table = _table(data, place)
    level = table.get("level")
    if level != NOT_APPLICABLE and not _is_level(level):
        raise _wrong(place, "level", level, f"0 to 4, or {NOT_APPLICABLE}")
    return Review(
        level=level if isinstance(level, int) else NOT_APPLICABLE,
        reviewer=_text(table, "reviewer", place),
        date=_date(table, "date", place),
        reason=_text(table, "reason", place),
        digest=_text(table, "digest", place),
    )


def _suppression(data: Any, place: str) -> Suppression:
    table = _table(data, place)
    return Suppression(
        fingerprint=_text(table, "fingerprint", place),
        reason=_text(table, "reason", place),
        expires=_date(table, "expires", place),
        rule=_text(table, "rule", place, required=False),
        document=_text(table, "document", place, required=False),
    )


def _is_level(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 4


def _table(value: Any, place: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _wrong(place, "value", value, "an object")
    return value


def _text(table: dict[str, Any], name: str, place: str, *, required: bool = True) -> str:
    value = table.get(name, "")
    if not isinstance(value, str) or (required and not value.strip()):
        raise _wrong(place, name, table.get(name), "a text that is not empty")
    return value


def _date(table: dict[str, Any], name: str, place: str) -> str:
    value = _text(table, name, place)
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            raise ValueError(value)
        dt.date.fromisoformat(value)
    except ValueError:
        raise _wrong(place, name, value, "a day such as 2027-06-30") from None
    return value


def _wrong(place: str, name: str, value: Any, expected: str) -> BaselineError:
    return BaselineError(
        f"{place}: {name} is wrong", value=repr(value), expected=expected, hint=_HINT
    )


def to_text(baseline: Baseline) -> str:
    """Return the file's text: documents by name, actions in catalogue order, one a line."""
    parts = [
        "{",
        f' "schema_version": {_json(SCHEMA_VERSION)},',
        f' "made_with": {_json(dict(baseline.made_with))},',
        *_block("documents", "{", "}", _document_lines(baseline), ","),
        *_block("suppressions", "[", "]", [_json(_plain(s)) for s in baseline.suppressions], ""),
        "}",
    ]
    return "\n".join(parts) + "\n"


def _block(name: str, opened: str, closed: str, items: list[str], end: str) -> list[str]:
    if not items:
        return [f' "{name}": {opened}{closed}{end}']
    inner = ",\n".join(f"  {item}" for item in items)
    return [f' "{name}": {opened}', inner, f" {closed}{end}"]


def _document_lines(baseline: Baseline) -> list[str]:
    found = []
    for name, actions in sorted(baseline.documents.items()):
        lines = [f"   {_json(action)}: {_json(_entry_plain(e))}" for action, e in actions.items()]
        body = "{\n" + ",\n".join(lines) + "\n  }" if lines else "{}"
        found.append(f"{_json(name)}: {body}")
    return found


def _entry_plain(entry: Entry) -> dict[str, Any]:
    data: dict[str, Any] = {"level": NEEDS_REVIEW if entry.level is None else entry.level}
    if entry.level is None:
        data["suggested"] = entry.suggested
    for name in ("section", "words", "digest", "flag"):
        if value := getattr(entry, name):
            data[name] = value
    if entry.counter:
        data["counter"] = [_plain(item) for item in entry.counter]
    if entry.review is not None:
        data["review"] = _plain(entry.review)
    return data


def _plain(record: Counter | Review | Suppression) -> dict[str, Any]:
    names = type(record).__slots__
    return {n: getattr(record, n) for n in names if getattr(record, n) not in ("", ())}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
