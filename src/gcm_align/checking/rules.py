"""The rules, one function each: the ground in, findings out. Each has an entry in RULES."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from gcm_align.checking.baseline import Entry
from gcm_align.checking.falls import lost_action, weakened_action
from gcm_align.checking.ground import Ground, Maker
from gcm_align.checking.outcomes import unread
from gcm_align.checking.requirements import required_action
from gcm_align.checking.verdicts import (
    CONTRADICTION,
    TENSION,
    Words,
    counts,
    highest,
    measures,
)
from gcm_align.findings import Finding, Severity

Rule = Callable[[Ground, Maker], Iterator[Finding]]


def _counter(ground: Ground, make: Maker, flag: str, says: str) -> Iterator[Finding]:
    """Find clauses flagged against actions that the baseline does not hold as such."""
    for name, document in ground.documents.items():
        entries = ground.entries(name)
        against: dict[str, tuple[Words, list[str]]] = {}
        for verdict in document.verdicts:
            if verdict.flag != flag:
                continue
            held = {c.digest for c in entries.get(verdict.action, Entry()).counter}
            for words in verdict.counter:
                if words.digest not in held:
                    against.setdefault(words.digest, (words, []))[1].append(verdict.action)
        for digest, (words, found) in against.items():
            actions = ground.order(found)
            texts = "; ".join(ground.action_text(action) for action in actions)
            yield make.make(
                name, f"{says} {texts}.", digest, *actions, words=words, actions=actions
            )


def new_contradiction(ground: Ground, make: Maker) -> Iterator[Finding]:
    """Find clauses that order the opposite of an action."""
    yield from _counter(ground, make, CONTRADICTION, "This clause orders the opposite of")


def new_tension(ground: Ground, make: Maker) -> Iterator[Finding]:
    """Find clauses that narrow an action."""
    yield from _counter(ground, make, TENSION, "This clause narrows")


def breadth_floor(ground: Ground, make: Maker) -> Iterator[Finding]:
    """Find breadth under its floor."""
    yield from _floor(ground, make, "breadth", ground.config.min_breadth)


def depth_floor(ground: Ground, make: Maker) -> Iterator[Finding]:
    """Find depth under its floor."""
    yield from _floor(ground, make, "depth", ground.config.min_depth)


def _floor(ground: Ground, make: Maker, measure: str, floor: float) -> Iterator[Finding]:
    read = {name: d for name, d in ground.documents.items() if not unread(d)}
    if not floor or not read:
        return
    if ground.config.floor_per == "document":
        scopes = [(name, document.verdicts) for name, document in read.items()]
    elif ground.complete and not ground.unread and len(read) == len(ground.documents):
        scopes = [("", highest(list(read.values())))]
    else:
        return
    for name, verdicts in scopes:
        least, most = measures(verdicts, ground.framework)[measure]
        if most < floor:
            share = _down(least) if least == most else f"{_down(least)} to {_down(most)}"
            what = "The document's" if name else "Together, the documents'"
            yield make.make(name, f"{what} {measure} is {share}, under the floor {floor:g}.", "")


def _down(share: float) -> str:
    """Return a share cut to four digits: 0.29996 under 0.3 must not print as 0.3."""
    return f"{math.floor(share * 10_000) / 10_000:g}"


def unread_document(ground: Ground, make: Maker) -> Iterator[Finding]:
    """Find documents that nothing can be claimed of."""
    for name, why in ground.unread.items():
        yield make.make(name, why.message, "", error=why.error)
    for name, document in ground.assessed.items():
        if why_not := unread(document):
            yield make.make(name, why_not.message, "", error=why_not.error)


def poorly_read(ground: Ground, make: Maker) -> Iterator[Finding]:
    """Find documents of which pages are missing."""
    for name, document in ground.assessed.items():
        if 0 < document.share_read < ground.config.min_share_read:
            share = f"{document.pages_read} of {document.pages} pages were read"
            message = f"Only {share}; silence in the rest is not claimed."
            yield make.make(name, message, "")


def review_share(ground: Ground, make: Maker) -> Iterator[Finding]:
    """Find documents of which too much needs review."""
    for name, document in ground.documents.items():
        found = counts(document.verdicts, ground.framework)
        share = (found.n - sum(found.levels)) / found.n if found.n else 0.0
        if share > ground.config.max_review_share and not unread(document):
            message = (
                f"{found.n - sum(found.levels)} of {found.n} verdicts need review, over the share "
                f"{ground.config.max_review_share:g}."
            )
            yield make.make(name, message, "")


def suspect_review(ground: Ground, make: Maker) -> Iterator[Finding]:
    """Find reviewers' decisions whose words have changed."""
    for name, document in ground.assessed.items():
        for verdict in document.verdicts:
            entry = ground.entries(name).get(verdict.action)
            review = None if entry is None else entry.review
            if entry is None or review is None or review.digest in verdict.digests():
                continue
            message = (
                f"{review.reviewer} decided on {ground.action_text(verdict.action)} on "
                f"{review.date} by words that have changed since."
            )
            yield make.make(
                name,
                message,
                verdict.action,
                review.digest,
                words=verdict.best(),
                actions=(verdict.action,),
                before=entry.words if entry.digest == review.digest else "",
            )


def expired_suppression(ground: Ground, make: Maker) -> Iterator[Finding]:
    """Find suppressions whose day has passed."""
    for item in ground.baseline.suppressions if ground.baseline else ():
        if not item.in_force(ground.today):
            message = (
                f"The suppression of {item.fingerprint} expired on {item.expires}. "
                f"Its reason was: {item.reason}"
            )
            yield make.make(item.document, message, item.fingerprint)


FUNCTIONS: dict[str, Rule] = {
    "new-contradiction": new_contradiction,
    "new-tension": new_tension,
    "lost-action": lost_action,
    "weakened-action": weakened_action,
    "required-action": required_action,
    "breadth-floor": breadth_floor,
    "depth-floor": depth_floor,
    "unread-document": unread_document,
    "poorly-read": poorly_read,
    "review-share": review_share,
    "suspect-review": suspect_review,
    "expired-suppression": expired_suppression,
}


def apply_rules(ground: Ground) -> list[Finding]:
    """Return what every rule that is not off finds."""
    found: list[Finding] = []
    for rule_id, function in FUNCTIONS.items():
        severity = ground.config.severity(rule_id)
        if severity is not Severity.OFF:
            found += function(ground, Maker(rule_id=rule_id, severity=severity))
    return found
