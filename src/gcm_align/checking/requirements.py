"""Actions and objectives that the configuration requires of texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gcm_align.catalogue import Framework
from gcm_align.checking.configuration import CheckConfig, Required, matches
from gcm_align.checking.ground import Ground, Maker
from gcm_align.checking.verdicts import LEVEL_NAMES, DocumentVerdicts, Verdict, highest
from gcm_align.errors import ConfigurationError
from gcm_align.findings import Finding


def check_requirements(config: CheckConfig, framework: Framework) -> None:
    """
    Check that required actions and objectives exist.

    Raises:
        ConfigurationError: One does not; the message names the entry.
    """
    actions = {action.id for action in framework.actions}
    objectives = {objective.number for objective in framework.objectives}
    for number, item in enumerate(config.required, start=1):
        for kind, names, known in (
            ("action", item.actions, actions),
            ("objective", item.objectives, objectives),
        ):
            for name in names:
                if name not in known:
                    raise ConfigurationError(
                        f"[[required]] number {number}: the framework has no such {kind}",
                        value=repr(name),
                        expected=f"an {kind} of {framework.name}",
                        hint="`gcm-align actions WORDS` finds ids.",
                    )


def required_action(ground: Ground, make: Maker) -> Iterator[Finding]:
    """Find required actions and objectives that are missing."""
    for item in ground.config.required:
        scope = {n: d for n, d in ground.documents.items() if matches(n, item.paths)}
        if item.per == "document":
            for name, document in scope.items():
                by_action = {v.action: v for v in document.verdicts}
                yield from _missing(ground, make, item, name, by_action)
        elif together(ground, item, scope):
            by_action = {v.action: v for v in highest(list(scope.values()))}
            yield from _missing(ground, make, item, "", by_action)


def together(ground: Ground, item: Required, scope: Mapping[str, DocumentVerdicts]) -> bool:
    """Say whether what documents carry together is known: all of them were read."""
    unread = any(matches(name, item.paths) for name in ground.unread)
    return ground.complete and bool(scope) and not unread


def _missing(
    ground: Ground, make: Maker, item: Required, name: str, verdicts: Mapping[str, Verdict]
) -> Iterator[Finding]:
    wanted = LEVEL_NAMES[item.level]
    where = "the document" if name else "the documents together"
    for action in item.actions:
        verdict = verdicts.get(action)
        if verdict is None or _reaches(verdict, item.level):
            continue
        now = (
            f"needs review (suggested: {LEVEL_NAMES[verdict.suggested]})"
            if verdict.level is None
            else f"is {LEVEL_NAMES[verdict.level]}"
        )
        message = f"Required: {ground.action_text(action)}. In {where} it {now}, not {wanted}."
        # Together, the nearest clause is of another document, whose name is not this finding's.
        words = verdict.best() if name else None
        yield make.make(name, message, action, words=words, actions=(action,))
    for number in item.objectives:
        members = [a.id for a in ground.framework.actions if a.objective == number]
        if not any(a in verdicts and _reaches(verdicts[a], item.level) for a in members):
            title = ground.framework.objective(number).title
            message = (
                f"Required: an action of objective {number} ({title}). In {where} none is {wanted}."
            )
            yield make.make(name, message, f"objective {number}", actions=tuple(members))


def _reaches(verdict: Verdict, level: int) -> bool:
    return verdict.level is not None and verdict.level >= level
