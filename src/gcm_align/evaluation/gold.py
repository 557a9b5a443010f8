"""Codings of documents: for each action the coder's level, and the words that show it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gcm_align.errors import UsageError
from gcm_align.types import Evidence, Level

QUOTE_SHARE = 0.6  # words of the coder's quote that a passage must hold to count as found


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldQuote:
    """Words that a coder found to speak to an action."""

    page: int
    quote: str
    level: Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """A coder's verdict on one action."""

    action: str
    level: Level  # 4 where it is operational
    doubt: bool
    contrary: bool
    evidence: tuple[GoldQuote, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedDocument:
    """A coding of one document; ``document`` is the path or name that the file gives."""

    document: str
    codings: tuple[Coding, ...]


def is_coding(path: Path) -> bool:
    """Say whether a file is a coding of a document, and no list of clauses."""
    try:
        return isinstance(json.loads(path.read_text(encoding="utf-8")), dict)
    except (OSError, UnicodeDecodeError, json.JSONDecodeError):
        return False


def load_coded_document(path: Path) -> CodedDocument:
    """
    Load a coding of one document, with evidence (``codings``) or without (``levels``).

    Raises:
        UsageError: The file is not of the documented schema; the message names the row.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        rows = data["codings"] if "codings" in data else _rows(data)
        document = str(data.get("document", ""))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, KeyError, TypeError) as error:
        raise _broken(path, "the file", repr(error), "an object with 'codings'") from error
    codings = []
    for number, row in enumerate(rows):
        try:
            codings.append(_coding(row))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise _broken(path, f"codings[{number}]", repr(error), "a coding") from error
    return CodedDocument(document=document, codings=tuple(codings))


def find_document(path: Path, named: str) -> Path:
    """
    Find the document of a coding: beside the file, or beside a folder above it.

    Raises:
        UsageError: It is in none of them.
    """
    for folder in path.resolve().parents:
        if named and (folder / named).is_file():
            return folder / named
    raise UsageError(
        "The coded document is not found",
        value=named or f"{path.name} names none",
        expected=f"a file of that name in a folder above {path}",
        hint="Give it with --document FILE.",
    )


def found_among(coding: Coding, shown: Sequence[Evidence]) -> bool:
    """
    Say whether a shown passage is evidence of the coder.

    It lies on the page of the coder's quote, or runs over it, and holds at least
    :data:`QUOTE_SHARE` of the quote's words.
    """
    return any(
        gold.page in {item.page, *item.pages} and holds(f"{item.context} {item.quote}", gold.quote)
        for item in shown
        for gold in coding.evidence
    )


def _rows(data: dict[str, Any]) -> list[dict[str, Any]]:
    doubt, contrary = data.get("doubt", ()), data.get("contrary", ())
    return [
        {"action": name, "level": level, "doubt": name in doubt, "contrary": name in contrary}
        for name, level in data["levels"].items()
    ]


def _coding(row: dict[str, Any]) -> Coding:
    level = Level(row["level"])
    return Coding(
        action=str(row["action"]),
        level=Level.OPERATIONALISED if row.get("operational") and level == 3 else level,
        doubt=bool(row.get("doubt")),
        contrary=bool(row.get("contrary")),
        evidence=tuple(
            GoldQuote(page=int(e["page"]), quote=str(e["quote"]), level=Level(e["level"]))
            for e in row.get("evidence", ())
        ),
    )


def holds(passage: str, quote: str) -> bool:
    """Say whether a passage holds enough of the words of a quote."""
    wanted = _words(quote)
    return len(wanted & _words(passage)) >= QUOTE_SHARE * len(wanted)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


def _broken(path: Path, where: str, value: str, expected: str) -> UsageError:
    return UsageError(
        f"{path.name}, {where}", value=value, expected=expected, hint="See data/README.md."
    )
