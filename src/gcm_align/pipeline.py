"""align(): the stages in order, on one screen; clauses.py has those that need no document."""

from __future__ import annotations

import datetime as dt
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

from gcm_align import __version__
from gcm_align.ahead import ReadAhead
from gcm_align.alignment import Alignment
from gcm_align.catalogue import Framework, load_catalogue
from gcm_align.clauses import near_counters, read_wording
from gcm_align.encoding import DEFAULT_MODEL, CachedEncoder, Encoder, FloatArray
from gcm_align.engine import Engine, cache_folder, has_scope, load_engine
from gcm_align.errors import ReadingError
from gcm_align.evidence import EvidenceMaker
from gcm_align.keeping.entries import EntryStore
from gcm_align.keeping.readings import read_kept, reading_store
from gcm_align.keeping.results import Result, ResultStore, pack, result_store, unpack
from gcm_align.lexical import plain_text
from gcm_align.linguistics import load_pipeline
from gcm_align.manifest import (
    SCHEMA_VERSION,
    artefacts,
    skipped_file,
    summary_of,
    unread_rest,
)
from gcm_align.matching import Leads, score_passages
from gcm_align.passages import cut_passages
from gcm_align.principles import assess_principles
from gcm_align.reading import Source
from gcm_align.reading.sandbox import texts_apart
from gcm_align.scope import in_scope
from gcm_align.settings import Settings
from gcm_align.types import (
    Assessment,
    Document,
    Passage,
    PrincipleFinding,
    Reading,
    Report,
    Run,
    Skipped,
)

# Called with (stage, done, total): stages are read, encode and assess. Calls come from
# several threads, for a document is read while the one before is encoded.
StageProgress = Callable[[str, int, int], None]

log = logging.getLogger("gcm_align")


def align(
    paths: Sequence[Path | str | Source],
    *,
    framework: Framework | None = None,
    model: str = DEFAULT_MODEL,
    settings: Settings | None = None,
    cache_dir: Path | None = None,
    use_cache: bool = True,
    progress: StageProgress | None = None,
    engine: Engine | None = None,
    meanwhile: Callable[[], None] | None = None,
) -> Alignment:
    """
    Assess documents against every action of a framework.

    Each file is read in a process of its own. One that cannot be read is listed in
    ``report.skipped``; the others still finish. One whose reading was stopped on a page is
    listed there too, and assessed on the pages before.

    Args:
        paths: Files to read, or what collected() found in folders and archives.
        framework: Actions to look for; the Global Compact where left out.
        model: ``default``, a folder, or ``NAME@REVISION`` of the hub.
        settings: Thresholds; defaults where left out.
        cache_dir: Where those are kept; the user's cache folder where left out.
        use_cache: Keep readings, vectors and verdicts between runs.
        progress: Called with (stage, done, total), from several threads.
        engine: What load_engine() returned, to serve several calls; then the framework,
            model, settings and cache above are those of the engine.
        meanwhile: Called while the first document is read, where one has to be: for what
            the caller will need afterwards.

    Returns:
        The report and its frames.

    Raises:
        ArtifactError: The model or a data file is missing or altered.
    """
    started = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    framework = engine.framework if engine else framework or load_catalogue()
    settings = engine.settings if engine else settings or Settings()
    progress = progress or _silent
    # Who holds an engine keeps what came of it; the engine does not say of which model it is.
    folder = None if engine else cache_folder(cache_dir, use_cache=use_cache)
    kept = result_store(folder, framework.sha256, model, settings)
    readings = engine.readings if engine else reading_store(folder)
    names = _names(paths)
    # A member of an archive lies in a folder that nobody will find again.
    shown = {own.path: own.name for own in paths if isinstance(own, Source) and own.name}
    # Before anything is read: a file is read and hashed once, and kept under what was read.
    keys = {path: kept.key(path, name) for path, name in names}
    found = _kept_results(keys, kept, progress)
    rest = [(path, name) for path, name in names if path not in found]
    if rest or not names:
        # Started before the model is loaded, which takes as long as reading a policy does.
        read = partial(_read, readings=readings, settings=settings, progress=progress)
        with closing(ReadAhead([path for path, _ in rest], read)) as ahead:
            engine = engine or load_engine(
                framework, model=model, settings=settings, cache_dir=cache_dir, use_cache=use_cache
            )
            load_pipeline("en")  # here, while the other core still reads
            if meanwhile is not None:
                meanwhile()
            for path, name in rest:
                found[path] = outcome = _align_one(
                    path, name, engine, ahead, progress, shown.get(path, str(path))
                )
                if isinstance(outcome, Result):
                    kept.put(keys[path], outcome)
    ordered = [(path, found[path]) for path, _ in names]
    made_by = artefacts(engine) if engine else _made_by(found.values())
    run = Run(
        package=__version__,
        catalogue={"key": framework.key, "name": framework.name, "sha256": framework.sha256},
        encoder=made_by["encoder"],
        calibrator=made_by["calibrator"],
        settings=settings.as_dict(),
        started=started,
    )
    encoder = engine.encoder if engine else None
    return Alignment(
        report=_report(run, [(shown.get(path, str(path)), item) for path, item in ordered]),
        framework=framework,
        texts_encoded=encoder.encoded if isinstance(encoder, CachedEncoder) else 0,
    )


def _kept_results(
    keys: Mapping[Path, str], kept: ResultStore, progress: StageProgress
) -> dict[Path, Result | Skipped]:
    """Return what came of the documents that were assessed before, under the same key."""
    found: dict[Path, Result | Skipped] = {}
    for path, key in keys.items():
        result = kept.get(key)
        if result is not None:
            pages = result.document.quality.pages
            progress("read", pages, pages)
            progress("assess", 1, 1)
            found[path] = result
    return found


def _made_by(found: Iterable[Result | Skipped]) -> Mapping[str, Mapping[str, str]]:
    """Return what made the results that were kept; one key, so all were made by the same."""
    return next(item.made_by for item in found if isinstance(item, Result))


def _report(run: Run, outcomes: Sequence[tuple[str, Result | Skipped]]) -> Report:
    """Put what came of each document, under the path to show, together in their order."""
    results = [item for _, item in outcomes if isinstance(item, Result)]
    skipped = []
    for shown, item in outcomes:
        if isinstance(item, Skipped):
            skipped.append(item)
        elif item.document.quality.stopped_at:
            skipped.append(unread_rest(shown, item.document.quality))
    return Report(
        schema_version=SCHEMA_VERSION,
        run=run,
        documents=tuple(item.document for item in results),
        assessments=tuple(verdict for item in results for verdict in item.assessments),
        skipped=tuple(skipped),
        principles=tuple(finding for item in results for finding in item.principles),
    )


def _align_one(
    path: Path,
    name: str,
    engine: Engine,
    ahead: ReadAhead,
    progress: StageProgress,
    shown: str,
) -> Result | Skipped:
    """Assess the next document that was read ahead."""
    try:
        reading = prepare(path, engine, name=name, document=ahead.take(), progress=progress)
        verdicts, principles = conclude(path, reading, engine)
    except ReadingError as error:
        log.warning("%s", error)
        return skipped_file(path, shown, error)
    progress("assess", 1, 1)
    result = Result(
        document=summary_of(reading.document, len(reading.passages)),
        assessments=verdicts,
        principles=principles,
        made_by=artefacts(engine),
    )
    # As it comes out of the cache, so that a second run gives the very same bytes.
    return unpack(pack(result))


def _read(
    path: Path, *, readings: EntryStore, settings: Settings, progress: StageProgress
) -> Document:
    """Read a document apart, or take it as it was read before."""
    return read_kept(
        path,
        readings,
        settings=settings,
        progress=lambda done, total: progress("read", done, total),
    )


def prepare(
    path: Path,
    engine: Engine,
    *,
    name: str = "",
    document: Document | None = None,
    progress: StageProgress | None = None,
) -> Reading:
    """
    Read, cut, encode, score and read the force of one document: all but its verdicts.

    Args:
        path: The file.
        engine: What load_engine() returned.
        name: What reports call it; the file's name where left out.
        document: The file as it was read, where it was.
        progress: Called with (stage, done, total), from a thread of its own while encoding.

    Raises:
        ReadingError: The document cannot be read.
    """
    settings, progress = engine.settings, progress or _silent
    document = document or _read(
        path, readings=engine.readings, settings=settings, progress=progress
    )
    document = replace(document, name=name or path.name, id=name or path.name)
    nlp = load_pipeline(document.language)
    passages = cut_passages(document, nlp, settings)
    with ThreadPoolExecutor(1) as aside:
        # The model computes outside the interpreter, where spaCy keeps the other core busy.
        encoding = aside.submit(
            encode_passages, passages, engine.encoder, partial(progress, "encode")
        )
        clauses, counters = read_wording([p.text for p in passages], nlp, passages)
        texts, vectors, leads = encoding.result()
    progress("assess", 0, 1)
    scope = in_scope(passages, document.title) if has_scope(engine.framework) else None
    scores = score_passages(texts, vectors, engine.index, scope, leads)
    counters = near_counters(counters, scores, settings.counter_rank, scope)
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


def encode_passages(
    passages: Sequence[Passage],
    encoder: Encoder,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[list[str], FloatArray, Leads]:
    """
    Encode passages, and once each what governs them.

    Args:
        passages: Of one document.
        encoder: Turns texts into unit vectors.
        progress: Called with (texts done, texts in all).

    Returns:
        The passages as encoded, length n_passages; their unit vectors, shape (n_passages,
        n_dimensions); and their lead-ins.
    """
    texts = [plain_text(passage.text) for passage in passages]
    leads = [plain_text(passage.lead_in) for passage in passages]
    unique = list(dict.fromkeys([*texts, *(lead for lead in leads if lead)]))
    place = {text: at for at, text in enumerate(unique)}
    vectors = encoder.encode(unique, progress)
    # An empty lead-in is given any row: it is not looked at.
    governing = vectors[[place.get(lead, 0) for lead in leads]] if unique else vectors
    own = vectors[[place[text] for text in texts]]
    return texts, own, Leads(texts=leads, vectors=governing)


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


def _names(paths: Sequence[Path | str | Source]) -> list[tuple[Path, str]]:
    """Return each document with the name that it goes by: no two have the same."""
    sources = [own if isinstance(own, Source) else Source(path=Path(own)) for own in paths]
    short = dict(document_names([own.path for own in sources if not own.name]))
    named = {own.path: own.name or short[own.path] for own in sources}
    seen: Counter[str] = Counter()
    made: list[tuple[Path, str]] = []
    for path, name in named.items():
        seen[name] += 1
        made.append((path, name if seen[name] == 1 else f"{name} ({seen[name]})"))
    return made


def _silent(stage: str, done: int, total: int) -> None:
    """Report nothing."""
