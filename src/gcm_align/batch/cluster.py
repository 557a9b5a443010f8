"""Documents over a Dask cluster that is there: the same workers' side, the same bytes.

Workers need the same gcm-align and no shared disk: a document's bytes travel with its task.
Dask hands a document of a dead worker to another one; one that kills worker after worker
becomes a failure.
"""

from __future__ import annotations

import functools
import logging
import pickle
import threading
from collections.abc import Generator, Iterable
from contextlib import suppress
from dataclasses import replace
from typing import Any

from gcm_align.batch.rows import Failure
from gcm_align.batch.schema import missing_extra
from gcm_align.batch.work import DIED, Answer, Answering, Fault, Load, Task, unread
from gcm_align.errors import UsageError

_WAIT_SECONDS = 30  # for the scheduler, and for its first worker
_ONE_LOAD = threading.Lock()  # a worker with several threads has one model all the same
_AHEAD = 2  # tasks sent for each thread: one in hand, one that waits


def run_dask(tasks: Iterable[Task], load: Load, *, address: str) -> Generator[tuple[Task, Answer]]:
    """
    Give each task with its answer as it comes.

    Args:
        tasks: Taken a few at a time, so that the files in memory are bounded.
        load: Called once in each worker process; it is sent there, so it must pickle.
        address: Of the scheduler, such as ``tcp://10.0.0.5:8786``.

    Raises:
        UsageError: Dask is not installed, nothing answers at the address, or the cluster is
            lost on the way: what was done stays in the dataset.
    """
    # What goes wrong is told in our own words; Dask would add its stack.
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    client = _connect(address)
    arriving = _distributed().as_completed(loop=client.loop)
    sent = pickle.dumps(load)
    waiting = iter(tasks)
    running: dict[str, tuple[Task, Any]] = {}
    try:
        while True:
            while len(running) < _room(client) and (task := next(waiting, None)) is not None:
                full = _with_bytes(task)
                future = client.submit(
                    _on_worker, sent, full, key=f"gcm-align-{task.key}", pure=False
                )
                running[future.key] = (task, future)
                arriving.add(future)
            if not running:
                return
            done = next(arriving)
            task, future = running.pop(done.key)
            made = _answer(task, future, address)
            future.release()  # else a worker that dies takes the answer along, to be made again
            yield task, made
    finally:
        with suppress(Exception):  # a cluster that is lost has nothing to cancel
            client.cancel([future for _, future in running.values()])
        client.close()


def _distributed() -> Any:
    """Return Dask's library; its own types are partial."""
    try:
        import distributed
    except ImportError as error:
        raise missing_extra("distributed", "cluster") from error
    return distributed


def _connect(address: str) -> Any:
    """Return a client of a scheduler that has a worker."""
    library = _distributed()
    import dask

    # Each task holds a file; the warning is about arrays that should have been scattered.
    dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GB"})
    try:
        client = library.Client(address, timeout=_WAIT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:  # a TimeoutError is an OSError
        raise _unreachable(address, error) from error
    try:
        client.wait_for_workers(1, timeout=_WAIT_SECONDS)
    except TimeoutError as error:
        client.close()
        raise _unreachable(address, "it has no workers") from error
    return client


def _room(client: Any) -> int:
    """Return how many tasks to have under way; workers come and go."""
    threads: int = sum(client.nthreads().values())
    return _AHEAD * max(1, threads)


def _with_bytes(task: Task) -> Task:
    if task.data is not None:
        return task
    try:
        return replace(task, data=task.item.path.read_bytes())
    except OSError:
        return task  # gone since it was listed: the worker says so


@functools.lru_cache(maxsize=1)
def _answering(load: bytes) -> Answering:
    """Return this process's side, loaded once."""
    return Answering(pickle.loads(load))  # noqa: S301 (from the run that this worker serves)


def _on_worker(load: bytes, task: Task) -> Answer:
    with _ONE_LOAD:
        answering = _answering(load)
    return answering(task)


def _answer(task: Task, future: Any, address: str) -> Answer:
    lost = _distributed()
    try:
        made: Answer = future.result()
    except lost.KilledWorker:
        words = "Every worker that took it died. Try it again with --retry."
        return unread(task, Failure(error=DIED, message=words))
    except lost.CancelledError as error:
        raise _unreachable(address, "it was lost while the batch ran") from error
    except Exception as error:
        return Fault(
            what="A worker of the cluster cannot run gcm-align",
            value=f"{type(error).__name__}: {error}",
            expected="the same release as here in every worker",
            hint="Install it there: pip install 'gcm-align[cluster]'.",
            exit_code=UsageError.exit_code,
        )
    return made


def _unreachable(address: str, why: object) -> UsageError:
    return UsageError(
        "The cluster cannot be used",
        value=f"{address} ({why})",
        expected="the address of a Dask scheduler with at least one worker",
        hint="Start them (dask scheduler; dask worker ADDRESS --nthreads 1) and run the batch "
        "again: what is in the dataset is not done again.",
    )
