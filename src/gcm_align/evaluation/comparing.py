"""One measurement against an earlier one: what became right, what became wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gcm_align.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Names of the verdicts whose outcome changed, in the order of the new run."""

    gained: tuple[str, ...]  # wrong before, right now
    lost: tuple[str, ...]  # right before, wrong now
    compared: int  # verdicts that both runs have


def load_outcomes(path: Path) -> dict[str, bool]:
    """
    Load the outcomes that ``gcm-align evaluate --format json`` printed.

    Raises:
        UsageError: The file holds none.
    """
    try:
        outcomes = json.loads(path.read_text(encoding="utf-8"))["outcomes"]
        return {str(name): bool(right) for name, right in outcomes.items()}
    except (OSError, UnicodeDecodeError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(
            "The earlier figures cannot be read",
            value=f"{path} ({error!r})",
            expected="what `gcm-align evaluate --format json` printed",
            hint="Run it again on the earlier version, and keep what it prints.",
        ) from error


def compare_outcomes(old: Mapping[str, bool], new: Mapping[str, bool]) -> Change:
    """Say which verdicts were gained and lost; those of one run alone are left out."""
    both = [name for name in new if name in old]
    return Change(
        gained=tuple(name for name in both if new[name] and not old[name]),
        lost=tuple(name for name in both if old[name] and not new[name]),
        compared=len(both),
    )
