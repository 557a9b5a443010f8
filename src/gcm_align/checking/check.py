"""run_check(): select, look up, assess the rest, judge; the whole of a check on one screen."""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gcm_align import __version__
from gcm_align.artifacts import default_cache_dir
from gcm_align.catalogue import load_catalogue
from gcm_align.checking.accepting import accepted_level
from gcm_align.checking.baseline import Baseline, read_baseline
from gcm_align.checking.cache import ResultCache
from gcm_align.checking.configuration import CheckConfig, matches
from gcm_align.checking.ground import Ground
from gcm_align.checking.notes import run_notes
from gcm_align.checking.outcomes import Outcome, Unread, unread
from gcm_align.checking.requirements import check_requirements
from gcm_align.checking.rules import apply_rules
from gcm_align.checking.running import assess_all, default_jobs
from gcm_align.checking.selecting import Selection, select
from gcm_align.checking.verdicts import DocumentVerdicts, counts
from gcm_align.errors import BaselineError, MissingFileError, UnreadableFileError
from gcm_align.findings import CheckResult, DocumentOutcome, Finding, sort_key
from gcm_align.keeping.entries import CHECKED
from gcm_align.keeping.instrument import instrument
from gcm_align.settings import Settings

Progress = Callable[[int, int], None]
# What any copy of the same bytes would say; other failures may pass by themselves.
LASTING = frozenset(
    {
        *("EmptyFileError", "UnsupportedFormatError", "CorruptFileError"),
        *("EncryptedFileError", "NoTextError"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the command line asks beyond the configuration."""

    paths: tuple[str, ...] = ()
    start: Path
    since: str = ""  # a git ref
    use_baseline: bool = True
    use_cache: bool = True


def run_check(
    config: CheckConfig, request: Request, progress: Progress | None = None
) -> CheckResult:
    """
    Check texts against the rules.

    Args:
        config: The configuration.
        request: Which texts.
        progress: Called with (documents done, documents in all).

    Returns:
        Findings by document and place; the same texts and configuration give the same.

    Raises:
        UsageError: Nothing to check, a wrong baseline or configuration, an unknown ref.
        ArtifactError: The model is missing.
    """
    return judge(gather(config, request, progress))


def gather(config: CheckConfig, request: Request, progress: Progress | None = None) -> Ground:
    """Assess what is selected and lay the baseline beside it; arguments as run_check()."""
    deadline = time.monotonic() + config.time_budget if config.time_budget else None
    framework = load_catalogue(config.root / config.framework if config.framework else None)
    check_requirements(config, framework)
    baseline = _baseline(config, request)
    selection = select(config, request.paths, start=request.start, since=request.since)
    made_with = instrument(framework.sha256, config.model, Settings())
    outcomes = _assess(config, request, selection, made_with["instrument"], deadline, progress)
    return Ground(
        config=config,
        framework=framework,
        made_with=made_with,
        assessed={n: o for n, o in outcomes.items() if isinstance(o, DocumentVerdicts)},
        unread={n: o for n, o in outcomes.items() if isinstance(o, Unread)},
        baseline=baseline,
        gone=_gone(config, selection, baseline),
        complete=selection.complete,
        today=_today(),
    )


def judge(ground: Ground) -> CheckResult:
    """Apply the rules and the suppressions."""
    config = ground.config
    findings = [_suppress(item, ground) for item in apply_rules(ground)]
    return CheckResult(
        package=__version__,
        made_with=ground.made_with,
        rules=config.severities(),
        fail_on=config.fail_on,
        allow_unassessed=config.allow_unassessed,
        baseline=config.baseline if ground.baseline is not None else "",
        documents=tuple(_document(name, ground) for name in _names(ground)),
        findings=tuple(sorted(findings, key=sort_key)),
        notes=tuple(run_notes(ground, findings)),
        prefix=config.prefix,
    )


def _baseline(config: CheckConfig, request: Request) -> Baseline | None:
    if not request.use_baseline:
        return None
    if not config.baseline_path.exists() and "baseline" not in config.origins:
        return None
    return read_baseline(config.baseline_path)


def _assess(
    config: CheckConfig,
    request: Request,
    selection: Selection,
    made_with: str,
    deadline: float | None,
    progress: Progress | None,
) -> dict[str, Outcome]:
    """Return the outcome of each document: from the cache, else from a process."""
    folder = cache_folder(config) if request.use_cache else None
    cache = ResultCache(folder / CHECKED if folder else None, made_with)
    outcomes: dict[str, Outcome] = {}
    keys: dict[str, str] = {}
    for name, path in selection.files.items():
        try:
            keys[name] = cache.key(path.read_bytes(), path.name)
        except OSError as error:
            outcomes[name] = _no_bytes(path, error)
            continue
        if (found := cache.get(keys[name])) is not None:
            outcomes[name] = found
    rest = [(name, path) for name, path in selection.files.items() if name not in outcomes]

    def done(name: str, outcome: Outcome) -> None:
        outcomes[name] = outcome
        # What a limit stopped may be read whole on a machine with more room.
        lasting = (
            outcome.error in LASTING if isinstance(outcome, Unread) else not outcome.stopped_at
        )
        if lasting and name in keys:
            cache.put(keys[name], outcome)
        if progress:
            progress(len(outcomes), len(selection.files))

    framework = str((config.root / config.framework).resolve()) if config.framework else ""
    options = {
        "framework": framework,
        "model": config.model,
        "cache_dir": str(folder) if folder else "",
    }
    if rest:
        jobs = config.jobs or default_jobs()
        assess_all(rest, options, jobs=jobs, deadline=deadline, done=done)
    return {name: outcomes[name] for name in selection.files}


def _no_bytes(path: Path, error: OSError) -> Unread:
    """Return why a file has no bytes to give, without a model for it."""
    missing = isinstance(error, FileNotFoundError)
    return Unread(
        error=(MissingFileError if missing else UnreadableFileError).__name__,
        message=f"{path.name} cannot be read ({error.strerror}).",
    )


def cache_folder(config: CheckConfig) -> Path:
    """Return where verdicts and vectors are kept."""
    return config.root / config.cache_dir if config.cache_dir else default_cache_dir()


def _gone(config: CheckConfig, selection: Selection, baseline: Baseline | None) -> tuple[str, ...]:
    """Return documents of the baseline that are no longer there, as far as was looked."""
    names = sorted(baseline.documents) if baseline is not None else []
    return tuple(
        name
        for name in names
        if (selection.complete or name in selection.deleted)
        and not (config.root / name).exists()
        and not matches(name, config.exclude)
    )


def _today() -> dt.date:
    """Return the day that suppressions are measured against: SOURCE_DATE_EPOCH, else today."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdigit():
        return dt.datetime.fromtimestamp(int(epoch), dt.UTC).date()
    return dt.datetime.now(dt.UTC).date()


def _suppress(finding: Finding, ground: Ground) -> Finding:
    for item in ground.baseline.suppressions if ground.baseline else ():
        if item.fingerprint == finding.fingerprint and item.in_force(ground.today):
            return replace(finding, suppressed=item.reason, suppressed_until=item.expires)
    return finding


def _names(ground: Ground) -> Sequence[str]:
    return sorted({*ground.assessed, *ground.unread})


def _document(name: str, ground: Ground) -> DocumentOutcome:
    if name not in ground.documents:
        return DocumentOutcome(path=name, assessed=False)
    document = ground.documents[name]
    found = counts(document.verdicts, ground.framework)
    before: Mapping[str, int] = {
        action: accepted_level(entry) or 0 for action, entry in ground.entries(name).items()
    }
    gained = sum((v.level or 0) > before.get(v.action, 0) for v in document.verdicts)
    return DocumentOutcome(
        path=name,
        assessed=unread(document) is None,
        language=document.language,
        pages=document.pages,
        pages_read=document.pages_read,
        levels=found.levels,
        needs_review=found.needs_review,
        tension=found.tension,
        contradiction=found.contradiction,
        gained=gained if ground.known(name) else 0,
    )


def accept(ground: Ground, path: Path) -> Baseline:
    """Return the baseline that accepts what was found."""
    from gcm_align.checking.accepting import updated

    if not ground.assessed and not ground.gone:
        raise BaselineError(
            "There is nothing to write into the baseline",
            value=path,
            expected="at least one document that could be assessed",
            hint="Check the paths; unread documents are named above.",
        )
    readable = {name: d for name, d in ground.assessed.items() if unread(d) is None}
    return updated(
        ground.baseline or Baseline(), readable, made_with=ground.made_with, gone=ground.gone
    )
