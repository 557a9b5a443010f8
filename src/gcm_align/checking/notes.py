"""What a reader must know of the run itself, beside its findings."""

from __future__ import annotations

from collections.abc import Sequence

from gcm_align.checking.configuration import matches
from gcm_align.checking.ground import Ground
from gcm_align.checking.outcomes import unread
from gcm_align.findings import Finding

_AGAINST_BASELINE = frozenset(
    {"new-contradiction", "new-tension", "lost-action", "weakened-action"}
)


def run_notes(ground: Ground, findings: Sequence[Finding]) -> list[str]:
    """Return what a reader must know of the run itself."""
    notes = [
        f"{new} is taken for {old} of the baseline." for new, old in sorted(ground.moved.items())
    ]
    baseline, config = ground.baseline, ground.config
    if baseline is not None:
        other = baseline.made_with.get("instrument") != ground.made_with["instrument"]
        if other and any(item.rule_id in _AGAINST_BASELINE for item in findings):
            notes.append(
                "The baseline was made with another version, model or catalogue: a difference may "
                "be the tool's. Write it again with `gcm-align baseline write`."
            )
        known = {item.fingerprint for item in findings}
        notes += [
            f"The suppression of {item.fingerprint} ({item.rule or 'any rule'}) matches nothing; "
            "remove it."
            for item in baseline.suppressions
            if ground.complete and item.in_force(ground.today) and item.fingerprint not in known
        ]
    if (config.min_breadth or config.min_depth) and config.floor_per == "together":
        if not ground.complete:
            notes.append("Floors of all texts together are judged only where all are checked.")
        elif ground.unread or any(unread(d) for d in ground.documents.values()):
            notes.append("Floors of all texts together are not judged: a document is unread.")
    for number, item in enumerate(config.required, start=1):
        if ground.complete and not any(
            matches(name, item.paths) for name in {*ground.assessed, *ground.unread}
        ):
            notes.append(f"[[required]] number {number} matches no document.")
        elif item.per == "together" and not ground.complete:
            notes.append(f"[[required]] number {number} is judged only where all are checked.")
    return notes
