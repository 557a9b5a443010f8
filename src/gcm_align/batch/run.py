"""run_batch(): list, compare with the dataset, assess the rest, sum up; on one screen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gcm_align.batch.cluster import run_dask
from gcm_align.batch.dataset import Dataset
from gcm_align.batch.local import run_local
from gcm_align.batch.rows import Made
from gcm_align.batch.schema import SCHEMA_VERSION, load_pyarrow, partition
from gcm_align.batch.sources import Fault, Item, Source, read_sources, with_digest
from gcm_align.batch.summary import Summary, summarise, write_summary
from gcm_align.batch.work import Answer, EngineLoad, Load, Task, writing_libraries
from gcm_align.catalogue import Framework, load_catalogue
from gcm_align.checking.running import default_jobs
from gcm_align.reading.collecting import collected, is_packed
from gcm_align.settings import Settings

LOCAL, DASK = "local", "dask"
# Called with (documents done, documents to do, failures among those done).
Progress = Callable[[int, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the command line asks."""

    sources: tuple[Path, ...]
    out: Path
    framework: Path | None = None
    model: str = "default"
    jobs: int | None = None
    engine: str = LOCAL
    address: str = ""
    retry: bool = False
    prune: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """What assesses: how a worker loads it, and the digest of all that decides its verdicts."""

    load: Load
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What a run has to do, against what the dataset holds."""

    wanted: dict[str, Item]  # by key
    faults: tuple[Fault, ...]
    todo: tuple[str, ...]  # keys, by name
    # Keys with their partitions, as Dataset.remove() takes them:
    stale: dict[str, dict[str, str]]  # by name, earlier states of the document
    absent: dict[str, str]  # documents that no source names


def run_batch(
    request: Request, *, instrument: Instrument | None = None, progress: Progress | None = None
) -> Summary:
    """
    Bring a dataset up to what the sources hold now, and write its summary.

    A document is assessed where its bytes, what the manifest says of it, or the instrument
    (code, data, model, libraries, settings) are not those of the dataset. Documents that no
    source names stay unless ``prune`` is set; failures stay unless ``retry`` is set.

    Args:
        request: Sources, place and engine.
        instrument: What assesses; the real engine where left out.
        progress: Called after each document.

    Raises:
        UsageError: A source, the dataset or the cluster cannot be used.
        ArtifactError: The model is missing, or a worker has another one.
    """
    load_pyarrow()
    framework = load_catalogue(request.framework)
    archives = [path for path in request.sources if path.is_file() and is_packed(path)]
    with collected(archives, Settings()) as unpacked:
        source = read_sources([p for p in request.sources if p not in archives], unpacked)
        return _bring_up(request, source, framework, instrument or _real(request), progress)


def _bring_up(
    request: Request,
    source: Source,
    framework: Framework,
    instrument: Instrument,
    progress: Progress | None,
) -> Summary:
    """Bring a dataset up to what was found in the sources."""
    named = {"key": framework.key, "name": framework.name, "sha256": framework.sha256}
    dataset = Dataset(request.out)
    with dataset.claimed(named):
        plan = _plan(source, dataset, instrument.digest, retry=request.retry)
        _carry_out(plan, dataset, request, instrument, progress or _silent)
        if request.prune:
            dataset.remove(plan.absent)
        summary = summarise(
            dataset.documents(),
            plan.faults,
            framework=framework,
            assessed=len(plan.todo),
            unchanged=len(plan.wanted) - len(plan.todo),
            pruned=len(plan.absent) if request.prune else 0,
            kept=0 if request.prune else len(plan.absent),
            warnings=source.warnings,
        )
        write_summary(summary, request.out)
    return summary


def _real(request: Request) -> Instrument:
    from gcm_align.keeping.instrument import instrument

    # Absolute, for a worker may stand in another folder.
    file = str(request.framework.resolve()) if request.framework else ""
    model = request.model
    if Path(model).is_dir():
        model = str(Path(model).resolve())
    catalogue = load_catalogue(request.framework).sha256
    digest = instrument(catalogue, model, Settings())["instrument"]
    load = EngineLoad(framework=file, model=model, instrument=digest, libraries=writing_libraries())
    return Instrument(load=load, digest=digest)


def _plan(source: Source, dataset: Dataset, instrument: str, *, retry: bool) -> _Plan:
    wanted: dict[str, Item] = {}
    faults = list(source.faults)
    for item in source.items:
        found = with_digest(item)
        if isinstance(found, Fault):
            faults.append(found)
        else:
            wanted[document_key(found, instrument)] = found
    held = {row["document"]: row for row in dataset.documents()}
    todo = [key for key in wanted if not _done(dataset, held.get(key), retry=retry)]
    names = {item.name for item in source.items}
    stale: dict[str, dict[str, str]] = {}
    absent: dict[str, str] = {}
    for key, row in held.items():
        if row["name"] not in names:
            absent[key] = partition(row["country"] or "")
        elif key not in wanted:
            stale.setdefault(row["name"], {})[key] = partition(row["country"] or "")
    return _Plan(
        wanted=wanted,
        faults=tuple(faults),
        todo=tuple(todo),
        stale=stale,
        absent=absent,
    )


def _done(dataset: Dataset, row: Mapping[str, Any] | None, *, retry: bool) -> bool:
    """Say whether nothing is to do for a document."""
    if row is None or (retry and row["error"]):
        return False
    return dataset.whole(row["document"], row["country"] or "", assessed=row["assessed"])


def document_key(item: Item, instrument: str) -> str:
    """Return the name of a document's files: the digest of all that decides what is in them."""
    stated = [item.sha256, item.name, item.country, item.title, item.date, item.status]
    text = json.dumps([SCHEMA_VERSION, instrument, *stated])
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:32]


def _carry_out(
    plan: _Plan, dataset: Dataset, request: Request, instrument: Instrument, progress: Progress
) -> None:
    """Assess what is to do; each document is in the dataset before the next is looked at."""
    tasks = [
        Task(key=key, item=plan.wanted[key], instrument=instrument.digest) for key in plan.todo
    ]
    _settle(plan, dataset, plan.wanted.keys() - set(plan.todo))
    failed = 0
    progress(0, len(tasks), failed)
    if not tasks:
        return
    with closing(_answers(tasks, request, instrument.load)) as answers:
        for done, (task, answer) in enumerate(answers, start=1):
            if not isinstance(answer, Made):
                raise answer.error()
            dataset.commit(task.key, task.item.country, answer.files)
            _settle(plan, dataset, [task.key])
            failed += answer.failure is not None
            progress(done, len(tasks), failed)


def _answers(tasks: Iterable[Task], request: Request, load: Load) -> Generator[tuple[Task, Answer]]:
    if request.engine == DASK:
        return run_dask(tasks, load, address=request.address)
    return run_local(tasks, load, jobs=request.jobs or default_jobs())


def _settle(plan: _Plan, dataset: Dataset, keys: Iterable[str]) -> None:
    """Take earlier states out of documents that stand in the dataset as they are now."""
    for key in keys:
        dataset.remove(plan.stale.get(plan.wanted[key].name, {}))


def _silent(done: int, total: int, failed: int) -> None:
    """Report nothing."""
