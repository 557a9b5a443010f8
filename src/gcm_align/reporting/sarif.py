"""A check as SARIF 2.1.0, within what GitHub keeps.

One reporting descriptor a rule, paths from the top of the repository, partial fingerprints
that survive re-flowed text. A document that could not be assessed is no result: it is a
notification of the tool. Paragraphs are those of the OASIS specification.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from gcm_align.errors import EXIT_INTERNAL
from gcm_align.findings import RULES, UNREAD, CheckResult, Finding, Severity, exit_code
from gcm_align.reporting.check_words import by_weight, full_message, section_words

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
MAX_RESULTS = 5_000  # GitHub stores no more of a run, and says so nowhere in the run
ROOT = "SRCROOT"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
_LEVELS_OF_RULES = {**_LEVELS, Severity.OFF: "none"}


def to_sarif(result: CheckResult) -> str:
    """Return a check as SARIF; beyond GitHub's limit the lightest findings are cut, and said."""
    findings = [item for item in by_weight(result.findings) if item.rule_id != UNREAD]
    kept = findings[:MAX_RESULTS]
    code = exit_code(result)
    run = {
        "tool": {"driver": _driver(result)},
        "automationDetails": {"id": "gcm-align/"},  # 3.17.3: what groups runs over time
        "originalUriBaseIds": {ROOT: {"description": {"text": "The top of the repository."}}},
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": code != EXIT_INTERNAL,
                "exitCode": code,
                "toolExecutionNotifications": _notifications(result, len(findings) - len(kept)),
            }
        ],
        "results": [_result(result, item) for item in kept],
        "properties": {"madeWith": dict(sorted(result.made_with.items()))},
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=1) + "\n"


def _driver(result: CheckResult) -> dict[str, Any]:
    return {
        "name": "gcm-align",
        "version": result.package,
        "semanticVersion": result.package,
        "rules": [
            {
                "id": rule.id,
                "name": "".join(part.capitalize() for part in rule.id.split("-")),
                "shortDescription": {"text": f"{rule.title}."},
                "fullDescription": {"text": rule.help},
                "help": {"text": rule.help, "markdown": f"**{rule.title}.** {rule.help}"},
                "defaultConfiguration": {
                    "enabled": result.rules[rule.id] is not Severity.OFF,
                    "level": _LEVELS_OF_RULES[result.rules[rule.id]],
                },
                "properties": {"tags": ["migration", "legislation"]},
            }
            for rule in RULES
        ],
    }


def _notifications(result: CheckResult, cut: int) -> list[dict[str, Any]]:
    found = []
    for item in result.findings:
        if item.rule_id == UNREAD:
            descriptor = {"id": item.error or UNREAD}
            found.append(
                {
                    "level": "note" if item.suppressed else _LEVELS[item.severity],
                    "message": {"text": f"{result.where(item.document)}: {item.message}"},
                    "descriptor": descriptor,
                    "locations": _locations(result, item),
                }
            )
    texts = list(result.notes)
    if cut:
        texts.append(f"{cut} lighter findings are left out: GitHub keeps {MAX_RESULTS:,} of a run.")
    return found + [{"level": "note", "message": {"text": text}} for text in texts]


def _result(result: CheckResult, item: Finding) -> dict[str, Any]:
    index = next(number for number, rule in enumerate(RULES) if rule.id == item.rule_id)
    made: dict[str, Any] = {
        "ruleId": item.rule_id,
        "ruleIndex": index,
        "level": _LEVELS[item.severity],
        "message": {"text": full_message(item)},
        "locations": _locations(result, item),
        "partialFingerprints": {
            "gcmAlignFinding/v1": item.fingerprint,
            # The only one that GitHub reads; without it, it hashes the line, which moves.
            "primaryLocationLineHash": f"{item.fingerprint}:1",
        },
        "properties": {
            "actions": list(item.actions),
            **({"page": item.place.page} if item.place.page else {}),
        },
    }
    if item.suppressed:
        reason = f"{item.suppressed} (until {item.suppressed_until})"
        made["suppressions"] = [{"kind": "external", "justification": reason}]
    return made


def _locations(result: CheckResult, item: Finding) -> list[dict[str, Any]]:
    """Return where a finding is; none where it is about all documents together."""
    if not item.document:
        return []
    # Without lines (a PDF) GitHub still asks for one: the page stands beside it.
    region: dict[str, Any] = {"startLine": item.place.line or 1}
    if item.place.line:
        region["endLine"] = item.place.end_line
    if item.quote and item.place.line:
        region["snippet"] = {"text": item.quote}
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {
                "uri": quote(result.where(item.document), safe="/", errors="surrogateescape"),
                "uriBaseId": ROOT,
            },
            "region": region,
        }
    }
    logical = []
    if item.place.page:
        logical.append({"name": f"p. {item.place.page}", "kind": "page"})
    if item.place.section:
        logical.append({"fullyQualifiedName": section_words(item), "kind": "section"})
    if logical:
        location["logicalLocations"] = logical
    return [location]
