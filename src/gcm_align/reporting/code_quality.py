"""A check as GitLab code quality: one JSON list, an issue a finding."""

from __future__ import annotations

import json

from gcm_align.findings import CheckResult, Severity
from gcm_align.reporting.check_words import by_weight, full_message

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.NOTE: "info"}
EVERYWHERE = "."  # GitLab asks for a path where a finding is about all documents


def to_gitlab(result: CheckResult) -> str:
    """Return a check as GitLab's code quality report."""
    issues = [
        {
            "description": full_message(item),
            "check_name": item.rule_id,
            "fingerprint": item.fingerprint,
            "severity": _SEVERITIES[item.severity],
            "location": {
                "path": result.where(item.document) if item.document else EVERYWHERE,
                "lines": {"begin": item.place.line or 1},
            },
        }
        for item in by_weight(result.active())
    ]
    return json.dumps(issues, ensure_ascii=False, indent=1) + "\n"
