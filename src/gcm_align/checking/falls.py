"""Two rules about what the baseline holds and the text no longer carries."""

from __future__ import annotations

from collections.abc import Iterator

from gcm_align.checking.accepting import accepted_level
from gcm_align.checking.baseline import Entry
from gcm_align.checking.ground import Ground, Maker
from gcm_align.checking.outcomes import unread
from gcm_align.checking.verdicts import ADDRESSED, LEVEL_NAMES, DocumentVerdicts, Verdict
from gcm_align.findings import Finding
from gcm_align.settings import Settings


def lost_action(ground: Ground, make: Maker) -> Iterator[Finding]:
    """Find actions that were addressed and no longer are."""
    for name, verdict, entry in _falls(ground):
        if _is_lost(ground.documents[name], verdict, entry):
            yield _fall(ground, make, name, verdict, entry)
    for name in ground.lost:
        entries = ground.baseline.documents[name] if ground.baseline else {}
        held = [
            action
            for action, entry in entries.items()
            if (accepted_level(entry) or 0) >= ADDRESSED
            and not _stands_elsewhere(ground, name, entry, action)
        ]
        if held:
            actions = ground.order(held)
            message = (
                f"The document is gone, and with it {len(actions)} actions that were addressed: "
                f"{', '.join(actions)}."
            )
            yield make.make(name, message, "gone", actions=actions)


def weakened_action(ground: Ground, make: Maker) -> Iterator[Finding]:
    """Find other falls of a level."""
    for name, verdict, entry in _falls(ground):
        if not _is_lost(ground.documents[name], verdict, entry):
            yield _fall(ground, make, name, verdict, entry)


def _falls(ground: Ground) -> Iterator[tuple[str, Verdict, Entry]]:
    """Return each verdict that is lower than what was accepted."""
    for name, document in ground.documents.items():
        entries = ground.entries(name)
        for verdict in document.verdicts:
            entry = entries.get(verdict.action)
            before = None if entry is None else accepted_level(entry)
            if entry is None or before is None or unread(document):
                continue
            now = verdict.suggested if verdict.level is None else verdict.level
            if now < before and not _stands_elsewhere(ground, name, entry, verdict.action):
                yield name, verdict, entry


def _is_lost(document: DocumentVerdicts, verdict: Verdict, entry: Entry) -> bool:
    """
    Say whether an addressed action is lost.

    A verdict that needs review between lower levels is a loss too, where *addressed* itself
    is as unlikely as a verdict may be wrong. What was not read may hold the clause.
    """
    settings = Settings()
    if (accepted_level(entry) or 0) < ADDRESSED:
        return False
    if document.share_read < settings.gap_min_share_read and not verdict.reviewed:
        return False
    if verdict.level is None:
        return verdict.addressed <= settings.most_risk
    return verdict.level < ADDRESSED


def _stands_elsewhere(ground: Ground, name: str, entry: Entry, action: str) -> bool:
    """Say whether the same clause now carries the action in another document."""
    return any(
        verdict.action == action
        and (verdict.level or 0) >= (accepted_level(entry) or 0)
        and any(words.digest == entry.digest for words in verdict.evidence)
        for other, document in ground.documents.items()
        if other != name
        for verdict in document.verdicts
    )


def _fall(ground: Ground, make: Maker, name: str, verdict: Verdict, entry: Entry) -> Finding:
    before = LEVEL_NAMES[accepted_level(entry) or 0]
    now = (
        f"needs review (suggested: {LEVEL_NAMES[verdict.suggested]})"
        if verdict.level is None
        else f"is {LEVEL_NAMES[verdict.level]}"
    )
    message = f"{ground.action_text(verdict.action)} was {before} and now {now}."
    return make.make(
        name,
        message,
        verdict.action,
        words=verdict.best(),
        actions=(verdict.action,),
        before=entry.words,
    )
