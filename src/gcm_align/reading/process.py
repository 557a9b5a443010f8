"""One process that reads one document: started, heard out within its limits, and ended."""

from __future__ import annotations

import json
import logging
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any

from gcm_align import errors
from gcm_align.errors import ReadingError
from gcm_align.reading import forked
from gcm_align.settings import Settings

# The seconds of a page are processor time, which the child itself keeps to. The wall clock
# finds only what sleeps; a machine shared by many may give a process a tenth of a core.
_PATIENCE = 10
_FAREWELL = 1.0  # seconds: to die of a signal takes milliseconds
_TAIL_CHARS = 300  # of what a dead process said last
# Libraries of numpy reserve address space for each core of the machine.
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")

log = logging.getLogger("gcm_align")

Progress = Callable[[int, int], None]
Process = subprocess.Popen[bytes] | forked.Forked


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one process: an answer, or the page it was at and why it ended."""

    answer: dict[str, Any] | None = None
    page: int = 0
    pages_done: int = 0
    why: str = ""


def run(task: dict[str, Any], settings: Settings, progress: Progress | None) -> Outcome:
    """Start a process, hear it out within the limits, and end it whatever happens."""
    with tempfile.TemporaryFile() as said:
        process = _start(said)
        try:
            assert process.stdin is not None
            with suppress(OSError):
                process.stdin.write(json.dumps(task | _place()).encode() + b"\n")
                process.stdin.flush()
            page, done, answer, late = _hear(process, settings, progress)
        finally:
            _end(process)
        if answer is None:
            said.seek(0)
            tail = said.read().decode("utf-8", "replace").strip()[-_TAIL_CHARS:]
            if tail:
                log.debug("the reading process said: %s", tail)
            why = late or _cause(process.wait(), settings)
            return Outcome(page=page, pages_done=done, why=why)
    if "fault" in answer:
        raise _fault(answer["fault"])
    if "broke" in answer:
        log.debug("the reader failed: %s", answer["broke"])
        return Outcome(page=page, pages_done=done, why=f"the reader failed with {answer['why']}")
    return Outcome(answer=answer)


def _start(said: IO[bytes]) -> Process:
    """Start a process that waits for its task: forked where that can be, else anew."""
    return forked.start(said, _environment()) or _start_anew(said)


def _start_anew(said: IO[bytes]) -> subprocess.Popen[bytes]:
    # -P: a module in the folder of the documents must not be run.
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "gcm_align.reading.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=said,
        env=_environment(),
        start_new_session=True,  # so that it can be ended with all that it started
    )


def _environment() -> dict[str, str]:
    return os.environ | dict.fromkeys(_THREADS, "1")


def _place() -> dict[str, Any]:
    """Return where this process is now; a forked one would be where its nursery was started."""
    with suppress(OSError):  # the folder may have been removed
        return {"environment": _environment(), "folder_now": os.getcwd()}  # noqa: PTH109 (its end)
    return {"environment": _environment()}


def _hear(
    process: Process, settings: Settings, progress: Progress | None
) -> tuple[int, int, dict[str, Any] | None, str]:
    """
    Follow a process.

    Returns:
        The page it was at last, the pages it had done, its answer (None where it died), and
        why it was given up (empty where it was not).
    """
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(process, lines), daemon=True).start()
    quiet = _PATIENCE * settings.max_page_seconds
    end = time.monotonic() + settings.max_read_seconds
    page = done = 0
    while True:
        wait = min(quiet, end - time.monotonic())
        try:
            line = lines.get(timeout=max(0.0, wait))
        except queue.Empty:
            over = "in all" if wait < quiet else "without a page"
            limit = settings.max_read_seconds if wait < quiet else quiet
            return page, done, None, f"it took more than {limit} seconds {over}"
        try:
            message = json.loads(line)
        except ValueError:  # the end, or a message cut by it
            return page, done, None, ""
        if "page" in message:
            page = int(message["page"])
        elif "done" in message:
            done = int(message["done"])
            if progress is not None:
                progress(done, message["total"])
        else:
            return page, done, message, ""


def _listen(process: Process, lines: queue.SimpleQueue[bytes]) -> None:
    """Queue each line of a process; an empty one is its end."""
    assert process.stdout is not None
    with suppress(OSError, ValueError):
        for line in process.stdout:
            lines.put(line)
    lines.put(b"")


def _end(process: Process) -> None:
    """End a process with all that it started, and free its pipes."""
    # One that has closed its output is dying: its own signal says why.
    with suppress(subprocess.TimeoutExpired):
        process.wait(_FAREWELL)
    if process.poll() is None:
        with suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
        process.wait()
    for pipe in (process.stdin, process.stdout):
        assert pipe is not None
        with suppress(OSError):
            pipe.close()


def _cause(code: int, settings: Settings) -> str:
    """Say in words how a process ended."""
    if code >= 0:
        return f"its process ended with code {code}"
    name = signal.Signals(-code).name if -code in {s.value for s in signal.Signals} else str(-code)
    if name == "SIGXCPU":
        return "it used more processor time than a page or a document may"
    limit = settings.max_read_memory // 1_000_000
    return f"its process was killed by {name}; it may use {limit} MB"


def _fault(fault: dict[str, str]) -> ReadingError:
    """Return the error that was raised in the process."""
    kind = getattr(errors, fault["type"], ReadingError)
    return kind(fault["what"], value=fault["value"], expected=fault["expected"], hint=fault["hint"])
