"""align(): the stages in order, on one screen; clauses.py has those that need no document."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from gcm_align.calibration import FILE
from gcm_align.catalogue import Framework
from gcm_align.clauses import near_counters, read_wording
from gcm_align.encoding import DEFAULT_MODEL, CachedEncoder
from gcm_align.engine import NOT_FITTED, Engine, fits, has_scope, load_engine
from gcm_align.errors import ReaderStoppedError, ReadingError
from gcm_align.evidence import EvidenceMaker
from gcm_align.linguistics import load_pipeline
from gcm_align.matching import score_passages
from gcm_align.passages import cut_passages
from gcm_align.principles import assess_principles
from gcm_align.reading import read_apart
from gcm_align.reading.sandbox import texts_apart
from gcm_align.scope import in_scope
from gcm_align.settings import Settings
from gcm_align.types import (
    Assessment,
    Document,
    DocumentSummary,
    Passage,
    PrincipleFinding,
    Quality,
    Reading,
    Report,
    Run,
    Skipped,
)

if TYPE_CHECKING:
    import pandas as pd

SCHEMA_VERSION = "1.2"
FITTED = (
    "Probabilities were fitted on six documents coded after the codebook, one of them a "
    "migration policy; models/CARD.md says how well they hold."
)

# Called with (stage, done, total): stages are read, encode and assess.
StageProgress = Callable[[str, int, int], None]

log = logging.getLogger("gcm_align")


@dataclass(frozen=True, kw_only=True)
class Alignment:
    """The result of align(): records, and the same as pandas frames."""

    report: Report
    framework: Framework
    texts_encoded: int = 0  # texts that no cache held

    @cached_property
    def matrix(self) -> pd.DataFrame:
        """One row for each document and action; the columns of ``matrix.csv``."""
        from gcm_align.coverage import matrix_frame

        return matrix_frame(self.report, self.framework)

    @cached_property
    def evidence(self) -> pd.DataFrame:
        """One row for each evidence passage; the columns of ``evidence.csv``."""
        from gcm_align.coverage import evidence_frame

        return evidence_frame(self.report)

    @cached_property
    def principles(self) -> pd.DataFrame:
        """One row for each document and guiding principle."""
        from gcm_align.coverage import principles_frame

        return principles_frame(self.report, self.framework)

    @cached_property
    def gaps(self) -> pd.DataFrame:
        """One row for each gap with its nearest clause; the columns of ``gaps.csv``."""
        from gcm_align.coverage import gaps_frame

        return gaps_frame(self.report, self.framework)


def align(
    paths: Sequence[Path | str],
    *,
    framework: Framework | None = None,
    model: str = DEFAULT_MODEL,
    settings: Settings | None = None,
    cache_dir: Path | None = None,
    use_cache: bool = True,
    progress: StageProgress | None = None,
    engine: Engine | None = None,
) -> Alignment:
    """
    Assess documents against every action of a framework.

    Each file is read in a process of its own. One that cannot be read is listed in
    ``report.skipped``; the others still finish. One whose reading was stopped on a page is
    listed there too, and assessed on the pages before.

    Args:
        paths: Files to read: PDF, Markdown or plain text.
        framework: Actions to look for; the Global Compact where left out.
        model: ``default``, a folder, or ``NAME@REVISION`` of the hub.
        settings: Thresholds; defaults where left out.
        cache_dir: Where vectors are kept; the user's cache folder where left out.
        use_cache: Keep vectors between runs.
        progress: Called with (stage, done, total).
        engine: What load_engine() returned, to serve several calls; then the framework,
            model, settings and cache above are those of the engine.

    Returns:
        The report and its frames.

    Raises:
        ArtifactError: The model or a data file is missing or altered.
    """
    started = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    engine = engine or load_engine(
        framework, model=model, settings=settings, cache_dir=cache_dir, use_cache=use_cache
    )
    names = document_names([Path(p) for p in paths])
    summaries: list[DocumentSummary] = []
    principles: list[PrincipleFinding] = []
    assessments: list[Assessment] = []
    skipped: list[Skipped] = []
    for path, name in names:
        try:
            summary, verdicts, named = _align_one(path, name, engine, progress or _silent)
        except ReadingError as error:
            log.warning("%s", error)
            skipped.append(_skipped(path, error))
        else:
            if summary.quality.stopped_at:
                skipped.append(_rest(path, summary.quality))
            summaries.append(summary)
            assessments.extend(verdicts)
            principles.extend(named)
    report = Report(
        schema_version=SCHEMA_VERSION,
        run=_run(engine, started),
        documents=tuple(summaries),
        assessments=tuple(assessments),
        skipped=tuple(skipped),
        principles=tuple(principles),
    )
    encoded = engine.encoder.encoded if isinstance(engine.encoder, CachedEncoder) else 0
    return Alignment(report=report, framework=engine.framework, texts_encoded=encoded)


def _align_one(
    path: Path, name: str, engine: Engine, progress: StageProgress
) -> tuple[DocumentSummary, tuple[Assessment, ...], tuple[PrincipleFinding, ...]]:
    """Read and assess one document."""
    reading = prepare(path, engine, name=name, progress=progress)
    verdicts, named = conclude(path, reading, engine)
    progress("assess", 1, 1)
    return _summary(reading.document, len(reading.passages)), verdicts, named


def prepare(
    path: Path, engine: Engine, *, name: str = "", progress: StageProgress | None = None
) -> Reading:
    """
    Read, cut, encode, score and read the force of one document: all but its verdicts.

    Raises:
        ReadingError: The document cannot be read.
    """
    settings, progress = engine.settings, progress or _silent
    document = read_apart(
        path, settings=settings, progress=lambda done, total: progress("read", done, total)
    )
    document = replace(document, name=name or path.name, id=name or path.name)
    nlp = load_pipeline(document.language)
    passages = cut_passages(document, nlp, settings)
    texts = [encoded_text(passage) for passage in passages]
    vectors = engine.encoder.encode(texts, lambda done, total: progress("encode", done, total))
    scope = in_scope(passages, document.title) if has_scope(engine.framework) else None
    scores = score_passages(texts, vectors, engine.index, scope)
    progress("assess", 0, 1)
    clauses, counters = read_wording([p.text for p in passages], nlp, passages)
    counters = near_counters(counters, scores, settings.counter_rank)
    return Reading(
        document=document,
        passages=passages,
        clauses=clauses,
        counters=counters,
        scores=scores,
        scope=None if scope is None else tuple(scope),
    )


def conclude(
    path: Path, reading: Reading, engine: Engine
) -> tuple[tuple[Assessment, ...], tuple[PrincipleFinding, ...]]:
    """Give the verdicts on a document that :func:`prepare` read, quotes checked in its file."""
    with texts_apart(path, reading.document, engine.settings) as pages:
        maker = EvidenceMaker(
            words=engine.words, verify=pages.contains, quote_words=engine.settings.quote_words
        )
        verdicts = engine.assessor.assess(reading, maker)
        return verdicts, assess_principles(engine.framework, reading, maker, engine.settings)


def encoded_text(passage: Passage) -> str:
    """Return what is encoded of a passage: its lead-in, then its words on one line."""
    return " ".join(f"{passage.lead_in} {passage.text}".split())


def document_names(paths: Sequence[Path]) -> list[tuple[Path, str]]:
    """
    Name each document by its file name, and by its folders where two names are the same.

    A path that is given twice is taken once.
    """
    unique = list(dict.fromkeys(paths))
    names: list[tuple[Path, str]] = []
    for path in unique:
        depth = 1
        others = [p for p in unique if p != path]
        while depth < len(path.parts) and any(
            p.parts[-depth:] == path.parts[-depth:] for p in others
        ):
            depth += 1
        names.append((path, "/".join(path.parts[-depth:])))
    return names


def _skipped(path: Path, error: ReadingError) -> Skipped:
    """Return the entry of a file that was not read."""
    page = error.page if isinstance(error, ReaderStoppedError) else 0
    return Skipped(path=str(path), error=type(error).__name__, message=str(error), page=page)


def _rest(path: Path, quality: Quality) -> Skipped:
    """Return the entry of a file that was not read to its end."""
    return Skipped(
        path=str(path),
        error=ReaderStoppedError.__name__,
        message=f"{path}: {quality.warnings[0]}.",
        page=quality.stopped_at,
    )


def _silent(stage: str, done: int, total: int) -> None:
    """Report nothing."""


def _summary(document: Document, n_passages: int) -> DocumentSummary:
    return DocumentSummary(
        id=document.id,
        name=document.name,
        sha256=document.sha256,
        language=document.language,
        title=document.title,
        media_type=document.media_type,
        quality=document.quality,
        passages=n_passages,
        text_sha256=hashlib.sha256(document.text.encode("utf-8", "replace")).hexdigest(),
    )


def _run(engine: Engine, started: str) -> Run:
    from gcm_align import __version__

    framework, encoder = engine.framework, engine.encoder
    fitted = fits(engine.index, encoder)
    return Run(
        package=__version__,
        catalogue={"key": framework.key, "name": framework.name, "sha256": framework.sha256},
        encoder={"name": encoder.name, "revision": encoder.revision, "sha256": encoder.sha256},
        calibrator={
            "name": FILE,
            "sha256": engine.assessor.calibrator.sha256,
            "status": "fitted" if fitted else "not fitted",
            "note": FITTED if fitted else f"{encoder.name}: {NOT_FITTED}",
        },
        settings=engine.settings.as_dict(),
        started=started,
    )
