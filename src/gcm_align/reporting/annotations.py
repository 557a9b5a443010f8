"""A check as GitHub workflow commands: annotations beside the text, within the limits.

GitHub shows ten errors, ten warnings and ten notices of a step and drops the rest without
a word. What is beyond is named in the last annotation, and stands in the job summary.
"""

from __future__ import annotations

from collections.abc import Sequence

from gcm_align.findings import RULE_BY_ID, CheckResult, Finding, Severity
from gcm_align.reporting.check_words import closing_words, full_message, plural

MAX_ANNOTATIONS = 10  # of each kind, a step
_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def to_github(result: CheckResult) -> str:
    """Return a check as workflow commands, one a line, and the closing words."""
    lines = []
    for severity, command in _COMMANDS.items():
        found = [item for item in result.active() if item.severity is severity]
        shown = found if len(found) <= MAX_ANNOTATIONS else found[: MAX_ANNOTATIONS - 1]
        lines += [_annotation(command, result, item) for item in shown]
        if len(shown) < len(found):
            lines.append(_rest(command, found[len(shown) :]))
    return "\n".join([*lines, closing_words(result)]) + "\n"


def _annotation(command: str, result: CheckResult, item: Finding) -> str:
    properties = {"title": f"{RULE_BY_ID[item.rule_id].title} ({item.rule_id})"}
    if item.document:
        properties = {"file": result.where(item.document), **properties}
    if item.place.line:
        properties |= {"line": str(item.place.line), "endLine": str(item.place.end_line)}
    page = f"p. {item.place.page}: " if item.place.page and not item.place.line else ""
    return _command(command, properties, page + full_message(item))


def _rest(command: str, left: Sequence[Finding]) -> str:
    documents = len({item.document for item in left})
    message = (
        f"{plural(len(left), 'further finding')} in {plural(documents, 'document')}: see the job "
        "summary."
    )
    return _command(command, {"title": "More findings"}, message)


def _command(command: str, properties: dict[str, str], message: str) -> str:
    inner = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{command} {inner}::{_data(message)}"


def _data(text: str) -> str:
    """Escape what would end a command, as the runner reads it back."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
