"""A check as Markdown: the job summary of GitHub, a comment on a merge request."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from gcm_align.findings import CheckResult, DocumentOutcome, Finding
from gcm_align.reporting.check_words import by_weight, closing_words, place_words, plural
from gcm_align.types import Level

# GitHub refuses a step's summary above 1 MiB altogether; other steps' words must fit beside.
MAX_BYTES = 900 * 1024
_QUOTE_CHARS = 300


def to_markdown(result: CheckResult) -> str:
    """Return a check as Markdown of at most 900 KiB; what is left out is counted."""
    top = f"## gcm-align\n\n{closing_words(result)}\n\n"
    notes = "".join(f"> {_text(note)}\n\n" for note in result.notes)
    end = (
        f"\nSuggestions of a machine about texts, not about practice. gcm-align {result.package}.\n"
    )
    budget = MAX_BYTES - len((top + notes + end).encode("utf-8", "replace"))
    head = "| severity | rule | place | what |\n| --- | --- | --- | --- |\n"
    rows = [_finding(result, item) for item in by_weight(result.active())]
    findings, used = _fit(head, rows, budget, "finding")
    head = (
        "\n| document | gap | mentioned | partial | addressed | operationalised | needs review "
        "| C1 | C2 | gained |\n| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: |\n"
    )
    documents, _ = _fit(
        head, [_document(result, d) for d in result.documents], budget - used, "document"
    )
    return top + findings + documents + (f"\n{notes}" if notes else "") + end


def _fit(head: str, rows: Sequence[str], budget: int, noun: str) -> tuple[str, int]:
    """Return a table cut to a number of bytes, and the bytes that it takes."""
    if not rows:
        return "", 0
    reserve = 200  # for the line that counts what was left out
    used = len(head.encode()) + reserve
    kept = []
    for row in rows:
        size = len(row.encode("utf-8", "replace"))
        if used + size > budget:
            break
        kept.append(row)
        used += size
    left = len(rows) - len(kept)
    more = f"\nand {plural(left, noun)} more that do not fit here.\n" if left else ""
    return head + "".join(kept) + more, used


def _finding(result: CheckResult, item: Finding) -> str:
    place = _code(place_words(result, item))
    words = f"<br>“{_text(_cut(item.quote))}”" if item.quote else ""
    before = ""
    if item.before and item.before != item.quote:
        before = f"<br>before: “{_text(_cut(item.before))}”"
    what = f"{_text(item.message)}{words}{before}"
    return f"| {item.severity} | {item.rule_id} | {place} | {what} |\n"


def _document(result: CheckResult, item: DocumentOutcome) -> str:
    name = _code(result.where(item.path))
    if not item.levels:
        return f"| {name} | not assessed {'| ' * (len(Level) + 3)}|\n"
    numbers = [*item.levels, item.needs_review, item.tension, item.contradiction, item.gained]
    return f"| {name} | {' | '.join(map(str, numbers))} |\n"


def _cut(text: str) -> str:
    return text if len(text) <= _QUOTE_CHARS else f"{text[: _QUOTE_CHARS - 1].rstrip()}…"


def _text(text: str) -> str:
    """Return text that Markdown and HTML leave as it is, on one line."""
    safe = html.escape(" ".join(text.split()), quote=False)
    return re.sub(r"([\\`*_\[\]|#~!@])", r"\\\1", safe)


def _code(text: str) -> str:
    """Return a path as code; a bar would end the cell."""
    return f"`{' '.join(text.split()).replace('`', chr(39)).replace('|', chr(92) + '|')}`"
