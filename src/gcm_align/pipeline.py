"""align(): the stages in order, on one screen. Only this module knows their order."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from gcm_align.assessing import Assessor
from gcm_align.catalogue import Framework, load_catalogue
from gcm_align.counter import find_counter_provisions
from gcm_align.delivery import Cell
from gcm_align.encoding import DEFAULT_MODEL, CachedEncoder, Encoder, load_encoder
from gcm_align.errors import ReadingError
from gcm_align.evidence import EvidenceMaker, stems
from gcm_align.force import parse, read_clauses
from gcm_align.known_vectors import load_known_vectors
from gcm_align.linguistics import load_pipeline
from gcm_align.matching import ActionIndex, build_index, full_text, score_passages
from gcm_align.passages import cut_passages
from gcm_align.prototypes import load_prototypes
from gcm_align.reading import read_document
from gcm_align.reading.verify import page_texts
from gcm_align.scope import in_scope, names_migration
from gcm_align.settings import Settings
from gcm_align.types import (
    Assessment,
    Clause,
    CounterProvision,
    Document,
    DocumentSummary,
    Passage,
    Reading,
    Report,
    Run,
    Scores,
    Skipped,
)
from gcm_align.vector_cache import VectorCache, default_cache_dir

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd
    from spacy.language import Language

SCHEMA_VERSION = "1.0"
PROVISIONAL = (
    "Thresholds and probabilities are provisional: they were set on clauses written for this "
    "project and one coded policy, not on a sample of documents."
)

# Called with (stage, done, total): stages are read, encode and assess.
StageProgress = Callable[[str, int, int], None]

log = logging.getLogger("gcm_align")


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """What is loaded once and serves every document."""

    framework: Framework
    encoder: Encoder
    index: ActionIndex
    assessor: Assessor
    words: tuple[frozenset[str], ...]
    settings: Settings


@dataclass(frozen=True, kw_only=True)
class Alignment:
    """The result of align(): records, and the same as pandas frames."""

    report: Report
    framework: Framework
    texts_encoded: int = field(default=0)  # texts that no cache held

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
    def gaps(self) -> pd.DataFrame:
        """One row for each gap with its nearest clause; the columns of ``gaps.csv``."""
        from gcm_align.coverage import gaps_frame

        return gaps_frame(self.report, self.framework)


def load_engine(
    framework: Framework | None = None,
    *,
    model: str = DEFAULT_MODEL,
    settings: Settings | None = None,
    cache_dir: Path | None = None,
    use_cache: bool = True,
) -> Engine:
    """
    Load the framework, the model and the vectors of the actions.

    Args:
        framework: Actions to look for; the Global Compact where left out.
        model: ``default``, a folder, or ``NAME@REVISION`` of the hub.
        settings: Thresholds; defaults where left out.
        cache_dir: Where vectors are kept; the user's cache folder where left out.
        use_cache: Keep vectors between runs.
    """
    settings = settings or Settings()
    framework = framework or load_catalogue()
    encoder: Encoder = load_encoder(model)
    known = load_known_vectors(encoder.sha256)
    if len(known):
        encoder = CachedEncoder(encoder=encoder, cache=known)
    if use_cache:
        encoder = _with_cache(encoder, cache_dir)
    index = build_index(framework, encoder, load_prototypes(framework))
    return Engine(
        framework=framework,
        encoder=encoder,
        index=index,
        assessor=Assessor(framework, settings),
        words=tuple(stems(full_text(action)) for action in framework.actions),
        settings=settings,
    )


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

    A file that cannot be read is listed in ``report.skipped``; the others still finish.

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
    assessments: list[Assessment] = []
    skipped: list[Skipped] = []
    for path, name in names:
        try:
            summary, verdicts = _align_one(path, name, engine, progress or _silent)
        except ReadingError as error:
            log.warning("%s", error)
            skipped.append(Skipped(path=str(path), error=type(error).__name__, message=str(error)))
        else:
            summaries.append(summary)
            assessments.extend(verdicts)
    report = Report(
        schema_version=SCHEMA_VERSION,
        run=_run(engine, started),
        documents=tuple(summaries),
        assessments=tuple(assessments),
        skipped=tuple(skipped),
    )
    encoded = engine.encoder.encoded if isinstance(engine.encoder, CachedEncoder) else 0
    return Alignment(report=report, framework=engine.framework, texts_encoded=encoded)


def _align_one(
    path: Path, name: str, engine: Engine, progress: StageProgress
) -> tuple[DocumentSummary, tuple[Assessment, ...]]:
    """Read, cut, encode, score, read the force of, and assess one document."""
    settings = engine.settings
    document = read_document(
        path, settings=settings, progress=lambda done, total: progress("read", done, total)
    )
    document = replace(document, name=name, id=name)
    nlp = load_pipeline(document.language)
    passages = cut_passages(document, nlp, settings)
    texts = [encoded_text(passage) for passage in passages]
    vectors = engine.encoder.encode(texts, lambda done, total: progress("encode", done, total))
    scope = in_scope(passages, document.title) if _has_scope(engine.framework) else None
    scores = score_passages(texts, vectors, engine.index, scope)
    progress("assess", 0, 1)
    clauses, counters = read_wording([p.text for p in passages], nlp, passages)
    counters = near_counters(counters, scores, settings.counter_rank)
    reading = Reading(
        document=document, passages=passages, clauses=clauses, counters=counters, scores=scores
    )
    with page_texts(path, document) as pages:
        maker = EvidenceMaker(
            words=engine.words, verify=pages.contains, quote_words=settings.quote_words
        )
        verdicts = engine.assessor.assess(reading, maker)
    progress("assess", 1, 1)
    return _summary(document, len(passages)), verdicts


def match(
    texts: Sequence[str],
    framework: Framework | None = None,
    *,
    model: str = DEFAULT_MODEL,
    cache_dir: Path | None = None,
    use_cache: bool = True,
    engine: Engine | None = None,
) -> pd.DataFrame:
    """
    Score plain clauses against every action, without a document.

    Args:
        texts: Clauses in the language of the model. Length: n_texts.
        framework: Actions to look for; the Global Compact where left out.
        model: ``default``, a folder, or ``NAME@REVISION`` of the hub.
        cache_dir: Where vectors are kept; the user's cache folder where left out.
        use_cache: Keep vectors between runs.
        engine: What load_engine() returned, to serve several calls.

    Returns:
        Scores on a log-odds scale: higher is nearer, comparable along rows and columns.
        Rows in the order of the texts, columns the action ids in the framework's order.
        Shape: (n_texts, n_actions).
    """
    import pandas as pd

    engine = engine or load_engine(framework, model=model, cache_dir=cache_dir, use_cache=use_cache)
    scores = score_texts(texts, engine)
    return pd.DataFrame(scores.values, columns=list(scores.action_ids))


def score_texts(texts: Sequence[str], engine: Engine) -> Scores:
    """Score plain clauses, each its own context. Shape: (n_texts, n_actions)."""
    flat = [" ".join(text.split()) for text in texts]
    scope = [names_migration(text) for text in flat] if _has_scope(engine.framework) else None
    return score_passages(flat, engine.encoder.encode(flat), engine.index, scope)


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedTexts:
    """Plain clauses as judged alone.

    levels: level of each clause for each action. Shape: (n_texts, n_actions).
    flagged: counter-provision to the action. Shape: (n_texts, n_actions).
    """

    scores: Scores
    clauses: tuple[Clause, ...]
    levels: npt.NDArray[np.int64]
    flagged: npt.NDArray[np.bool_]


def judge_texts(texts: Sequence[str], engine: Engine) -> JudgedTexts:
    """Score plain clauses, read their force, and give each its level alone."""
    import numpy as np

    scores = score_texts(texts, engine)
    clauses, counters = read_wording(texts, load_pipeline("en"))
    counters = near_counters(counters, scores, engine.settings.counter_rank)
    flagged = np.zeros(scores.values.shape, dtype=bool)
    number = {action: i for i, action in enumerate(scores.action_ids)}
    for row, provisions in enumerate(counters):
        for action in {a for p in provisions for a in p.actions if a in number}:
            flagged[row, number[action]] = True
    levels = engine.assessor.levels_alone(scores, clauses)
    levels[flagged] = 0  # an order against an action never supports it
    return JudgedTexts(scores=scores, clauses=clauses, levels=levels, flagged=flagged)


def read_wording(
    texts: Sequence[str],
    nlp: Language,
    passages: Sequence[Passage] = (),
) -> tuple[tuple[Clause, ...], list[tuple[CounterProvision, ...]]]:
    """Parse once; return what each text undertakes and the orders against actions in it."""
    docs = parse(texts, nlp)
    clauses = read_clauses(
        texts,
        nlp,
        kinds=[p.kind for p in passages],
        lead_ins=[p.lead_in for p in passages],
        cells=[_cells(p) for p in passages],
        docs=docs,
    )
    counters = [
        find_counter_provisions(text, doc, clause)
        for text, doc, clause in zip(texts, docs, clauses, strict=True)
    ]
    return clauses, counters


def near_counters(
    counters: Sequence[tuple[CounterProvision, ...]], scores: Scores, most: int
) -> list[tuple[CounterProvision, ...]]:
    """
    Keep the counter-provisions whose passage is among the nearest to one of their actions.

    The rules read polarity and subject by words; the scores say whether the passage speaks
    to the matter at all. Neither alone is enough to print a contradiction.
    """
    out = []
    for row, provisions in enumerate(counters):
        if not provisions:
            out.append(provisions)
            continue
        order = (-scores.values[row]).argsort(kind="stable")[:most]
        near = {scores.action_ids[i] for i in order}
        out.append(tuple(p for p in provisions if near & set(p.actions)))
    return out


def _cells(passage: Passage) -> list[Cell]:
    """Return the named cells of a table row, with offsets in the passage."""
    return [
        (name, span.start - passage.start, span.end - passage.start)
        for name, span in zip(passage.columns, passage.spans, strict=False)
        if name
    ]


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


def _with_cache(encoder: Encoder, cache_dir: Path | None) -> Encoder:
    try:
        return CachedEncoder(encoder=encoder, cache=VectorCache(cache_dir or default_cache_dir()))
    except OSError as error:
        log.warning("No vectors are kept between runs: %s", error)
        return encoder


def _has_scope(framework: Framework) -> bool:
    # The words of migration say nothing about another set of goals.
    return framework.key == "gcm"


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
    )


def _run(engine: Engine, started: str) -> Run:
    from gcm_align import __version__

    framework, encoder, weights = engine.framework, engine.encoder, engine.index.weights
    return Run(
        package=__version__,
        catalogue={"key": framework.key, "name": framework.name, "sha256": framework.sha256},
        encoder={"name": encoder.name, "revision": encoder.revision, "sha256": encoder.sha256},
        calibrator={
            "name": "matcher.json",
            "sha256": weights.sha256,
            "status": "provisional",
            "note": PROVISIONAL,
        },
        settings=engine.settings.as_dict(),
        started=started,
    )
