"""Documents over processes of this machine; one that dies costs its document alone."""

from __future__ import annotations

import logging
import multiprocessing as mp
import os
import signal
from collections.abc import Generator, Iterable
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING

from gcm_align.batch.rows import Failure
from gcm_align.batch.work import DIED, Answer, Answering, Load, Task, unread

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

_LAST_SECONDS = 5.0


def run_local(tasks: Iterable[Task], load: Load, *, jobs: int) -> Generator[tuple[Task, Answer]]:
    """
    Give each task with its answer as it comes, at most ``jobs`` at a time.

    Args:
        tasks: Taken one by one as a process is free, so that they may be made lazily.
        load: Called once in each process; it is sent there, so it must pickle.
        jobs: Number of processes at most.
    """
    waiting = iter(tasks)
    free: list[_Worker] = []
    busy: dict[Connection, tuple[_Worker, Task]] = {}
    try:
        while True:
            while len(busy) < jobs and (task := next(waiting, None)) is not None:
                worker = free.pop() if free else _Worker(load)
                worker.give(task)
                busy[worker.pipe] = (worker, task)
            if not busy:
                return
            for pipe in wait(list(busy)):
                assert isinstance(pipe, Connection)
                worker, task = busy.pop(pipe)
                made = worker.take()
                if made is None:
                    yield task, unread(task, Failure(error=DIED, message=worker.last_words()))
                else:
                    free.append(worker)
                    yield task, made
    finally:
        for worker, _ in busy.values():
            worker.kill()
        for worker in free:
            worker.dismiss()


class _Worker:
    """One process and the pipe to it."""

    def __init__(self, load: Load) -> None:
        # A fresh interpreter: a forked one would inherit the threads of torch and Arrow.
        context = mp.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process: SpawnProcess = context.Process(target=_serve, args=(theirs, load))
        self.process.start()
        theirs.close()  # so that the death of the process is seen as the end of the pipe

    def give(self, task: Task) -> None:
        with suppress(OSError):  # a dead process is told from its answer
            self.pipe.send(task)

    def take(self) -> Answer | None:
        """Return the answer, None where the process died."""
        try:
            answer: Answer = self.pipe.recv()
        except (EOFError, OSError):
            self.process.join(_LAST_SECONDS)  # the pipe ends before the process does
            self.kill()
            return None
        return answer

    def last_words(self) -> str:
        """Say how the process ended."""
        code = self.process.exitcode or 0
        how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return f"The process that assessed it died ({how}). Try it again with --retry."

    def dismiss(self) -> None:
        """Let the process end by itself, so that it can put its things away."""
        self.pipe.close()
        self.process.join(_LAST_SECONDS)
        self.kill()

    def kill(self) -> None:
        """End the process with all that it started."""
        pid = self.process.pid
        if self.process.is_alive():
            with suppress(OSError):
                if pid is not None and hasattr(os, "killpg"):
                    os.killpg(pid, signal.SIGKILL)
            self.process.kill()
        self.process.join()
        self.pipe.close()


def _serve(pipe: Connection, load: Load) -> None:
    """Answer until the other end is closed."""
    if hasattr(os, "setsid"):
        os.setsid()  # Ctrl-C is for the run, which ends this process with all it started
    logging.getLogger("gcm_align").setLevel(logging.ERROR)  # failures are told by the run
    answering = Answering(load)
    while True:
        try:
            task: Task = pipe.recv()
        except (EOFError, OSError):
            return
        answer = answering(task)
        with suppress(OSError):
            pipe.send(answer)
