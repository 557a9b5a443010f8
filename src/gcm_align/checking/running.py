"""Documents over processes: one engine each, a deadline, and no document that stops another."""

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
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from gcm_align.checking.outcomes import Outcome, Unread, decode
from gcm_align.errors import ArtifactError, GcmAlignError, UsageError
from gcm_align.findings import INTERNAL

TIME_BUDGET = "TimeBudgetExceeded"
DIED = "WorkerDied"
_MEMORY = 2**30  # bytes that a process with the model takes at most, with room
_TAIL_CHARS = 400  # of what a dead process said last
# One thread a process: the same sums in the same order whatever the number of jobs.
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")

log = logging.getLogger("gcm_align")


def assess_all(
    tasks: Sequence[tuple[str, Path]],
    options: Mapping[str, Any],
    *,
    jobs: int,
    deadline: float | None,
    done: Callable[[str, Outcome], None],
) -> None:
    """
    Assess documents in processes of their own and hand over each outcome as it comes.

    Args:
        tasks: Name and path of each document.
        options: What a worker's engine is loaded with: framework, model, cache_dir.
        jobs: Number of processes at most.
        deadline: Value of time.monotonic() after which the rest is not done; None for none.
        done: Called in this thread with the name and the outcome of each document.

    Raises:
        ArtifactError: The model is missing.
    """
    crew = _Crew(options)
    waiting: queue.SimpleQueue[tuple[str, Path]] = queue.SimpleQueue()
    for task in tasks:
        waiting.put(task)
    answers: queue.SimpleQueue[tuple[str, dict[str, Any]]] = queue.SimpleQueue()
    left = {name for name, _ in tasks}
    try:
        for _ in range(min(jobs, len(tasks))):
            threading.Thread(target=_serve, args=(crew, waiting, answers), daemon=True).start()
        while left:
            name, answer = _next(answers, deadline)
            if not name:
                break
            left.discard(name)
            done(name, _outcome(answer))
    finally:
        crew.stop()
    for name in sorted(left):
        done(name, Unread(error=TIME_BUDGET, message="The time budget ended before its turn."))


def default_jobs() -> int:
    """Return as many processes as there are cores for us, and as fit into memory."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # not on Windows
        return cores or 1
    return max(1, min(cores or 1, memory // _MEMORY))


def _next(
    answers: queue.SimpleQueue[tuple[str, dict[str, Any]]], deadline: float | None
) -> tuple[str, dict[str, Any]]:
    """Return the next answer, or an empty name once the deadline has passed."""
    if deadline is None:
        return answers.get()
    try:
        return answers.get(timeout=max(0.0, deadline - time.monotonic()))
    except queue.Empty:
        return "", {}


def _outcome(answer: dict[str, Any]) -> Outcome:
    if "fault" in answer:
        fault = dict(answer["fault"])
        kind: type[GcmAlignError] = (
            ArtifactError if fault.pop("exit_code") == ArtifactError.exit_code else UsageError
        )
        raise kind(fault.pop("what"), **fault)
    if "internal" in answer:
        log.error("%s", answer["internal"].rstrip())
        last = answer["internal"].strip().splitlines()[-1]
        return Unread(error=INTERNAL, message=f"Internal error: {last}. Please report it.")
    if "died" in answer:
        return Unread(error=DIED, message=answer["died"])
    return decode(answer)


def _serve(
    crew: _Crew,
    waiting: queue.SimpleQueue[tuple[str, Path]],
    answers: queue.SimpleQueue[tuple[str, dict[str, Any]]],
) -> None:
    """Drive one process until nothing waits; a dead one is replaced."""
    worker: _Worker | None = None
    while not crew.stopped:
        try:
            name, path = waiting.get_nowait()
        except queue.Empty:
            break
        try:
            worker = worker or crew.hire()
            answer = worker.ask(path)
            if answer is None:
                answer = {"died": worker.last_words()}
                worker = None
        except Exception as error:  # else the run would wait for an answer that never comes
            answer = {"internal": "".join(traceback.format_exception(error))}
            worker = None
        answers.put((name, answer))
    if worker is not None:
        worker.dismiss()


class _Worker:
    """One process and its two pipes."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        self.said = tempfile.TemporaryFile()  # noqa: SIM115 (lives as long as the process)
        environment = dict.fromkeys(_THREADS, "1") | {"PYTHONSAFEPATH": "1"}
        # -P: a torch.py in the repository that is checked must not be run.
        command = [sys.executable, "-P", "-m", "gcm_align.checking.worker", json.dumps(options)]
        self.process = subprocess.Popen(  # noqa: S603 (our own module)
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.said,
            env=os.environ | environment,
            text=True,
            encoding="utf-8",
            start_new_session=True,  # so that it can be stopped with all that it started
        )

    def ask(self, path: Path) -> dict[str, Any] | None:
        """Return the answer on one document, None where the process died."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            self.process.stdin.write(json.dumps({"path": str(path)}) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
            answer: dict[str, Any] = json.loads(line)
        except (OSError, ValueError):
            return None
        return answer

    def last_words(self) -> str:
        """Say how the process ended."""
        code = self.process.wait()
        how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        self.said.seek(0)
        tail = self.said.read().decode("utf-8", "replace").strip()[-_TAIL_CHARS:]
        return f"The process that read it died ({how}).{f' It said: {tail}' if tail else ''}"

    def dismiss(self) -> None:
        """Let the process end by itself."""
        assert self.process.stdin is not None
        with suppress(OSError):
            self.process.stdin.close()

    def kill(self) -> None:
        """End the process with all that it started."""
        with suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(self.process.pid, signal.SIGKILL)
            else:
                self.process.kill()
        self.process.wait()


class _Crew:
    """All processes of a run, so that none outlives it."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        self.options = options
        self.stopped = False
        self._lock = threading.Lock()
        self._workers: list[_Worker] = []

    def hire(self) -> _Worker:
        """Start a process."""
        with self._lock:
            worker = _Worker(self.options)
            self._workers.append(worker)
            if self.stopped:
                worker.kill()
            return worker

    def stop(self) -> None:
        """End every process."""
        with self._lock:
            self.stopped = True
            for worker in self._workers:
                worker.kill()
