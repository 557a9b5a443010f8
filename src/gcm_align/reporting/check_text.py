"""A check for people: a place, what was found there, the words. Colours on a terminal only."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gcm_align.findings import CheckResult, Finding, Severity
from gcm_align.reporting.check_words import closing_words, place_words, section_words

if TYPE_CHECKING:
    from rich.text import Text

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def to_text(result: CheckResult) -> Text:
    """Return a check as styled text; its ``plain`` is what a file or a pipe gets."""
    from rich.text import Text

    text = Text()
    for finding in result.active():
        _append(text, result, finding)
    for note in result.notes:
        text.append("note: ", style="cyan").append(f"{_shown(note)}\n")
    return text.append(closing_words(result), style="bold")


def to_plain(result: CheckResult) -> str:
    """Return a check as plain text with a final newline."""
    return f"{to_text(result).plain}\n"


def _append(text: Text, result: CheckResult, finding: Finding) -> None:
    """Append one finding; no sign of a text or a path steers the terminal."""
    actions = f" {' '.join(finding.actions)}" if len(finding.actions) <= 8 else ""
    text.append(_shown(place_words(result, finding)), style="bold").append(": ")
    text.append(finding.severity.value, style=_STYLES[finding.severity])
    text.append(f"[{finding.rule_id}]{actions}\n  {_shown(finding.message)}\n")
    if finding.before and finding.before != finding.quote:
        text.append(f"  before: “{_shown(finding.before)}”\n")
        label = "now:    " if finding.quote else ""
    else:
        label = ""
    if finding.quote:
        text.append(f"  {label}“{_shown(finding.quote)}”\n")
    where = _shown(section_words(finding))
    place = f"{where} · " if where else ""
    text.append(f"  {place}fingerprint {finding.fingerprint}\n", style="dim")


def _shown(text: str) -> str:
    return _CONTROL.sub(" ", text)
