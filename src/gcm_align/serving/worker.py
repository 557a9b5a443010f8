"""The process that assesses what was uploaded, one document after another.

Run as ``python -P -m gcm_align.serving.worker FOLDER PARENT`` by the server, which starts a
new one when it dies. The queue is in the database, so that nothing is lost between the two.
"""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from gcm_align.errors import GcmAlignError
from gcm_align.serving import strings
from gcm_align.serving.database import now
from gcm_align.serving.library import CANCELLED, DONE, FAILED, Entry, Library, Run

if TYPE_CHECKING:
    from gcm_align.types import Report

IDLE_SECONDS = 0.5  # between two looks at an empty queue
STEP_SECONDS = 0.3  # between two notes of progress: a page is read in less

# Returns the report of a file; the second argument is called with (stage, done, total).
Assess = Callable[[Path, Callable[[str, int, int], None]], "Report"]

log = logging.getLogger("gcm_align")


class CancelledError(Exception):
    """The run was cancelled by a user."""


def work_once(library: Library, assess: Assess) -> bool:
    """Carry out the run that waits longest; say whether there was one."""
    run = library.claim()
    if run is None:
        return False
    entry = library.entry(run.sha256)
    assert entry is not None  # runs refer to documents
    try:
        report = assess(library.path(entry), _progress(library, run))
    except CancelledError:
        _end(library, run, CANCELLED)
    except GcmAlignError as error:
        _end(library, run, FAILED, _in_words(str(error), library, entry))
    except Exception:
        log.exception("run %d", run.id)
        _end(library, run, FAILED, strings.INTERNAL)
    else:
        if report.documents:
            library.keep_report(run.sha256, report)
        words = "; ".join(item.message for item in report.skipped)
        state = DONE if report.documents else FAILED
        _end(library, run, state, _in_words(words, library, entry))
    return True


def _progress(library: Library, run: Run) -> Callable[[str, int, int], None]:
    """Return what notes the progress, and stops a run that was cancelled."""
    noted: dict[str, float] = {}  # when, of each stage

    def progress(stage: str, done: int, total: int) -> None:
        if time.monotonic() - noted.get(stage, -STEP_SECONDS) < STEP_SECONDS:
            return
        noted[stage] = time.monotonic()
        library.database.change(
            "UPDATE runs SET stage = ?, done = ?, total = ? WHERE id = ?",
            (stage, done, total, run.id),
        )
        row = library.database.row("SELECT cancel FROM runs WHERE id = ?", (run.id,))
        if row is not None and row["cancel"]:
            raise CancelledError

    return progress


def _end(library: Library, run: Run, state: str, message: str = "") -> None:
    library.database.change(
        "UPDATE runs SET state = ?, message = ?, ended = ? WHERE id = ?",
        (state, message, now(), run.id),
    )


def _in_words(message: str, library: Library, entry: Entry) -> str:
    """Return a message without the folders of the server."""
    return message.replace(str(library.path(entry)), entry.name)


def engine_assess() -> Assess:
    """Return what assesses with the installed model, loaded at the first document."""
    engine = None

    def assess(path: Path, progress: Callable[[str, int, int], None]) -> Report:
        from gcm_align.engine import load_engine
        from gcm_align.pipeline import align

        nonlocal engine
        engine = engine or load_engine()
        return align([path], engine=engine, progress=progress).report

    return assess


def main() -> None:
    """Serve the queue until the server ends."""
    folder, parent = Path(sys.argv[1]), int(sys.argv[2])
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s")
    library = Library(folder)
    library.resume()
    assess = engine_assess()
    while os.getppid() == parent:
        if not work_once(library, assess):
            time.sleep(IDLE_SECONDS)


if __name__ == "__main__":
    main()
