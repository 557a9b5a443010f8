"""The formats of a check by name; each is a pure function of its result."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from gcm_align.findings import CheckResult

# Loaded when used: rich and the XML writer are needed by one format each.
_HOMES = {
    "human": ("check_text", "to_plain"),
    "json": ("check_json", "to_json"),
    "sarif": ("sarif", "to_sarif"),
    "junit": ("junit", "to_junit"),
    "github": ("annotations", "to_github"),
    "gitlab": ("code_quality", "to_gitlab"),
    "markdown": ("check_markdown", "to_markdown"),
}


def render(result: CheckResult, name: str) -> str:
    """Return a check in one of the formats; equal results give equal text."""
    module, function = _HOMES[name]
    to: Callable[[CheckResult], str] = getattr(
        import_module(f"gcm_align.reporting.{module}"), function
    )
    return to(result)
