"""What one worker does, here or on another machine: load once, then one document at a time."""

from __future__ import annotations

import logging
import os
import tempfile
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gcm_align.batch.rows import Failure, Made, assessed_files, unread_files
from gcm_align.batch.sources import Item
from gcm_align.errors import (
    ArtifactError,
    GcmAlignError,
    IncompatibleArtifactError,
    UsageError,
)
from gcm_align.findings import INTERNAL

if TYPE_CHECKING:
    from gcm_align.catalogue import Framework
    from gcm_align.types import Report

DIED, CHANGED, SEVERAL = "WorkerDied", "ChangedFile", "SeveralDocuments"
# One thread a worker: the same sums in the same order whatever the machine.
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")

log = logging.getLogger("gcm_align")


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One document to assess; ``data`` is its bytes where the worker cannot see the file."""

    key: str
    item: Item
    instrument: str
    data: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What a worker loads once: a function from a file to a report, and the actions."""

    assess: Callable[[Path], Report]
    framework: Framework


Load = Callable[[], Loaded]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What stops the whole run, in the four parts of an error, fit to be sent."""

    what: str
    value: str
    expected: str
    hint: str
    exit_code: int

    def error(self) -> GcmAlignError:
        """Return it as the error that it was."""
        kind = ArtifactError if self.exit_code == ArtifactError.exit_code else UsageError
        return kind(self.what, value=self.value, expected=self.expected, hint=self.hint)


Answer = Made | Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineLoad:
    """Loads the real engine; sent to workers, so it holds plain values alone."""

    framework: str  # a file, "" for the Compact
    model: str
    instrument: str  # what the run was planned with
    libraries: str  # what the files are written with

    def __call__(self) -> Loaded:
        """
        Load the engine, checked to be the one that the run was planned with.

        Raises:
            IncompatibleArtifactError: This machine has other code, data or libraries.
        """
        from gcm_align.catalogue import load_catalogue
        from gcm_align.keeping.instrument import instrument
        from gcm_align.settings import Settings

        for name in _THREADS:
            os.environ[name] = "1"
        catalogue = load_catalogue(self.framework or None)
        made_with = instrument(catalogue.sha256, self.model, Settings())["instrument"]
        if (made_with, writing_libraries()) != (self.instrument, self.libraries):
            raise IncompatibleArtifactError(
                "A worker has another gcm-align than the run",
                value=f"{made_with}, {writing_libraries()}",
                expected=f"{self.instrument}, {self.libraries}",
                hint="Install the same release with the same libraries on every machine.",
            )
        from gcm_align.engine import load_engine
        from gcm_align.pipeline import align

        # Nothing is kept: no document of a batch is assessed twice.
        engine = load_engine(
            load_catalogue(self.framework or None), model=self.model, use_cache=False, threads=1
        )
        return Loaded(
            assess=lambda path: align([path], engine=engine).report, framework=engine.framework
        )


def writing_libraries() -> str:
    """Return what decides the bytes of a file beside its rows."""
    from importlib.metadata import version

    return f"pyarrow {version('pyarrow')}"


class Answering:
    """A worker's side: loads at the first document, answers one document at a time."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._loaded: Loaded | None = None
        self._lock = threading.Lock()

    def __call__(self, task: Task) -> Answer:
        """Assess a document; nothing it holds can raise here."""
        with self._lock:  # a cluster's worker may have several threads, the model has none
            try:
                self._loaded = self._loaded or self._load()
            except Exception as error:
                return _fault(error)
            try:
                return answer(task, self._loaded)
            except GcmAlignError as error:
                return _fault(error)
            except Exception as error:
                log.error("%s", "".join(traceback.format_exception(error)).rstrip())
                words = f"Internal error: {type(error).__name__}: {error}. Please report it."
                return unread(task, Failure(error=INTERNAL, message=words))


def answer(task: Task, loaded: Loaded) -> Made:
    """Assess one document and return its files."""
    if task.data is None:
        return _answer(task, task.item.path, loaded)
    with tempfile.TemporaryDirectory(prefix="gcm-align-") as folder:
        path = Path(folder) / task.item.path.name  # its name may serve as its title
        path.write_bytes(task.data)
        return _answer(task, path, loaded)


def unread(task: Task, failure: Failure) -> Made:
    """Return the files of a document without verdicts."""
    files = unread_files(task.item, key=task.key, instrument=task.instrument, failure=failure)
    return Made(files=files, failure=failure)


def _answer(task: Task, path: Path, loaded: Loaded) -> Made:
    report = loaded.assess(path)
    failure = None
    if report.skipped:
        skipped = report.skipped[0]
        message = skipped.message.replace(str(path), task.item.name)
        failure = Failure(error=skipped.error, message=message)
    if not report.documents:
        return unread(task, failure or Failure(error=INTERNAL, message="Nothing came of it."))
    if len(report.documents) > 1:
        message = f"It holds {len(report.documents)} documents; give each as a file."
        return unread(task, Failure(error=SEVERAL, message=message))
    if report.documents[0].sha256 != task.item.sha256:
        message = "The file changed while the batch ran; run the batch again."
        return unread(task, Failure(error=CHANGED, message=message))
    files = assessed_files(
        report,
        loaded.framework,
        task.item,
        key=task.key,
        instrument=task.instrument,
        failure=failure,
    )
    return Made(files=files, failure=failure)


def _fault(error: Exception) -> Fault:
    if isinstance(error, GcmAlignError):
        return Fault(
            what=error.what,
            value=str(error.value),
            expected=error.expected,
            hint=error.hint,
            exit_code=error.exit_code,
        )
    return Fault(
        what="A worker could not load the engine",
        value=f"{type(error).__name__}: {error}",
        expected="gcm-align with its model, as here",
        hint="Install the same release on every machine; see the worker's log.",
        exit_code=ArtifactError.exit_code,
    )
