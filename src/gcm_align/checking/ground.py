"""What the rules judge: documents beside the baseline, and how a finding is made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from gcm_align.catalogue import Framework
from gcm_align.checking.accepting import previous, renamed, reviewed
from gcm_align.checking.baseline import Baseline, Entry
from gcm_align.checking.configuration import CheckConfig
from gcm_align.checking.outcomes import Unread
from gcm_align.checking.verdicts import DocumentVerdicts, Words
from gcm_align.findings import Finding, Place, Severity, fingerprint


@dataclass(frozen=True, kw_only=True)
class Ground:
    """All that rules may ask."""

    config: CheckConfig
    framework: Framework
    made_with: Mapping[str, str]  # what cache.instrument() says
    assessed: Mapping[str, DocumentVerdicts]  # as the machine found them, by name
    unread: Mapping[str, Unread]
    baseline: Baseline | None
    gone: tuple[str, ...]  # documents of the baseline that are no longer there
    complete: bool  # every text was selected, so that all of them together can be judged
    today: dt.date

    @cached_property
    def documents(self) -> dict[str, DocumentVerdicts]:
        """Documents with reviewers' decisions laid over them, by name."""
        return {name: reviewed(d, self.entries(name)) for name, d in self.assessed.items()}

    @cached_property
    def moved(self) -> dict[str, str]:
        """New name -> the name that the baseline knows."""
        if self.baseline is None:
            return {}
        return renamed(self.baseline, self.assessed, self.gone)

    @cached_property
    def lost(self) -> tuple[str, ...]:
        """Documents of the baseline that are gone and stand under no other name."""
        return tuple(name for name in self.gone if name not in self.moved.values())

    def entries(self, name: str) -> Mapping[str, Entry]:
        """Return what the baseline holds of a document, by action."""
        if self.baseline is None:
            return {}
        return previous(self.baseline, name, self.assessed, self.gone)

    def known(self, name: str) -> bool:
        """Say whether the baseline holds the document."""
        held = self.baseline is not None and name in self.baseline.documents
        return held or name in self.moved

    def order(self, actions: Iterable[str]) -> tuple[str, ...]:
        """Return actions in the order of the catalogue."""
        place = {action.id: number for number, action in enumerate(self.framework.actions)}
        return tuple(sorted(set(actions), key=lambda a: place.get(a, len(place))))

    def action_text(self, action: str) -> str:
        """Return an action's id with the start of its wording."""
        text = self.framework.action(action).text
        return f"{action} ({text if len(text) <= 90 else text[:87].rstrip() + '...'})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """Makes the findings of one rule."""

    rule_id: str
    severity: Severity

    def make(
        self,
        document: str,
        message: str,
        *subject: str,
        words: Words | None = None,
        actions: tuple[str, ...] = (),
        before: str = "",
        error: str = "",
    ) -> Finding:
        """Return a finding; the subject is what its fingerprint is made of."""
        return Finding(
            rule_id=self.rule_id,
            severity=self.severity,
            message=message,
            document=document,
            fingerprint=fingerprint(self.rule_id, document, *subject),
            place=words.place if words else Place(),
            actions=actions,
            quote=words.quote if words else "",
            before=before,
            error=error,
        )
