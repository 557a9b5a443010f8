"""Words that the formats of a check share: places, counts, the closing line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from gcm_align.errors import EXIT_CLEAN, EXIT_GATE_FAILED, EXIT_INTERNAL, EXIT_UNASSESSED
from gcm_align.findings import CheckResult, Finding, Severity, exit_code

VERDICT_WORDS = {
    EXIT_CLEAN: "The gate passes.",
    EXIT_GATE_FAILED: "The gate fails.",
    EXIT_UNASSESSED: "A document could not be assessed.",
    EXIT_INTERNAL: "gcm-align itself failed.",
}
_ORDER = (Severity.ERROR, Severity.WARNING, Severity.NOTE)


def place_words(result: CheckResult, finding: Finding) -> str:
    """Return ``path:line`` where the source has lines, else ``path, p. 3``."""
    if not finding.document:
        return "all documents"
    path = result.where(finding.document)
    if finding.place.line:
        return f"{path}:{finding.place.line}"
    return f"{path}, p. {finding.place.page}" if finding.place.page else path


def section_words(finding: Finding) -> str:
    """Return the headings above a finding's clause, the innermost two."""
    return " > ".join(finding.place.section[-2:])


def full_message(finding: Finding) -> str:
    """Return the message with the words of the text, and those before where they differ."""
    parts = [finding.message]
    if finding.quote:
        parts.append(f"Text: “{finding.quote}”")
    if finding.before and finding.before != finding.quote:
        parts.append(f"Before: “{finding.before}”")
    return " ".join(parts)


def by_weight(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings, errors first, in their order within a severity."""
    return sorted(findings, key=lambda item: _ORDER.index(item.severity))


def count_words(result: CheckResult) -> str:
    """Return the counts of a check in words: ``2 errors, 1 warning, 1 suppressed``."""
    found = Counter(item.severity for item in result.active())
    parts = [plural(found[severity], severity.value) for severity in _ORDER if found[severity]]
    suppressed = len(result.findings) - len(result.active())
    if suppressed:
        parts.append(f"{suppressed} suppressed")
    return ", ".join(parts) or "nothing found"


def closing_words(result: CheckResult) -> str:
    """Return the last line: what was checked, what was found, what follows."""
    documents = plural(len(result.documents), "document")
    return f"{documents} checked: {count_words(result)}. {VERDICT_WORDS[exit_code(result)]}"


def plural(number: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
