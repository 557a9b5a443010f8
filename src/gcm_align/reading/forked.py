"""Reading processes forked by a nursery, where the system can: the parent's side.

Starting an interpreter and importing the parsers takes ten times as long as reading two pages.
The nursery (:mod:`gcm_align.reading.nursery`) does it once for all documents of this process.
If it cannot be started or has died, the caller starts a process anew, and the next document
gets a new nursery.
"""

from __future__ import annotations

import atexit
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import IO

from gcm_align.reading import nursery

# macOS may abort a forked process that uses its frameworks, and PDFium does; Windows has no fork.
AVAILABLE = sys.platform == "linux"
_MOST_SECONDS = 60.0  # to import the reading stage on a machine that is very busy
_FIRST_WAIT, _MOST_WAIT = 0.0005, 0.05  # seconds between two looks at a process, as subprocess has
_LOST = 255  # the exit code of a child that nobody can ask for any more

log = logging.getLogger("gcm_align")


class Forked:
    """A child of the nursery, used as a Popen is."""

    def __init__(self, pid: int, stdin: IO[bytes], stdout: IO[bytes], home: Nursery) -> None:
        self.pid = pid
        self.stdin = stdin
        self.stdout = stdout
        self.returncode: int | None = None
        self._home = home

    def poll(self) -> int | None:
        """Return the exit code, None while it runs."""
        if self.returncode is None:
            try:
                answer = self._home.ask(self.pid)
            except OSError:
                # Nobody waits for it now, so that its number may soon be another's.
                self.kill()
                answer = _LOST
            self.returncode = None if answer == nursery.RUNS else answer
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """
        Wait for its end.

        Raises:
            TimeoutExpired: It still runs after so many seconds.
        """
        end = None if timeout is None else time.monotonic() + timeout
        pause = _FIRST_WAIT
        while (code := self.poll()) is None:
            if end is not None and time.monotonic() >= end:
                raise subprocess.TimeoutExpired("a reading process", timeout or 0.0)
            time.sleep(pause)
            pause = min(2 * pause, _MOST_WAIT)
        return code

    def kill(self) -> None:
        """End it with all that it started."""
        with suppress(OSError):
            os.killpg(self.pid, signal.SIGKILL)


class Nursery:
    """The process that forks, and the socket to it."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._socket, theirs = socket.socketpair()
        with theirs:
            # -P: a module in the folder of the documents must not be run.
            self._process = subprocess.Popen(  # noqa: S603 (all of it is our own)
                [sys.executable, "-P", "-m", nursery.__name__, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=environment,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,  # Ctrl-C is for this process, which ends its children
            )
        self._socket.settimeout(_MOST_SECONDS)
        self._lock = threading.Lock()
        self.pid = self._process.pid

    def ask(self, number: int, files: tuple[int, ...] = ()) -> int:
        """
        Return the answer to one request.

        Raises:
            OSError: The nursery has gone or does not answer in time; it is of no more use.
        """
        with self._lock:
            try:
                socket.send_fds(self._socket, [nursery.NUMBER.pack(number)], list(files))
                data = self._socket.recv(nursery.NUMBER.size, socket.MSG_WAITALL)
                if len(data) < nursery.NUMBER.size:
                    raise ConnectionResetError("the nursery has gone")
            except OSError:
                self._socket.close()  # later requests would be given the answer to this one
                raise
        return int(nursery.NUMBER.unpack(data)[0])

    def start(self, said: IO[bytes]) -> Forked:
        """
        Start a child that waits for its task.

        Raises:
            OSError: See ask(); or the system has no room for another process.
        """
        read_task, write_task = os.pipe()
        read_answer, write_answer = os.pipe()
        stdin, stdout = os.fdopen(write_task, "wb"), os.fdopen(read_answer, "rb")
        try:
            pid = self.ask(nursery.START, (read_task, write_answer, said.fileno()))
            if pid == nursery.REFUSED:
                raise BlockingIOError("the nursery cannot fork")
        except OSError:
            stdin.close()
            stdout.close()
            raise
        finally:
            os.close(read_task)
            os.close(write_answer)
        return Forked(pid, stdin, stdout, self)

    def close(self) -> None:
        """Let it end: it does so when its socket closes."""
        self._socket.close()
        try:
            self._process.wait(1.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def leave_to_parent(self) -> None:
        """Let go of it in a forked copy of this process: it is not its child."""
        self._socket.close()
        self._process.returncode = 0  # else its record would be waited for here


_lock = threading.Lock()
_open: list[Nursery] = []  # of this process, one at most


def start(said: IO[bytes], environment: Mapping[str, str]) -> Forked | None:
    """
    Fork a process that waits for the task of :mod:`gcm_align.reading.child`.

    Args:
        said: An open file that takes what the process says beside its answer.
        environment: Of the nursery, where one has to be started.

    Returns:
        The process; None where this system or this moment has none to give.
    """
    if not AVAILABLE:
        return None
    try:
        with _lock:
            home = _open[0] if _open else Nursery(environment)
            _open[:] = [home]
        return home.start(said)
    except OSError as error:
        log.debug("no reading process can be forked: %s", error)
        close()
        return None


def close() -> None:
    """End the nursery of this process, if there is one; the next document starts another."""
    with _lock:
        while _open:
            _open.pop().close()


def _forget() -> None:
    global _lock
    _lock = threading.Lock()  # another thread of the parent may have held it
    while _open:
        _open.pop().leave_to_parent()


atexit.register(close)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
