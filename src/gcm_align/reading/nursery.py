"""The small process that forks a reading process for each document.

Run as ``python -P -m gcm_align.reading.nursery FD`` by :mod:`gcm_align.reading.forked`. It has
imported the reading stage and nothing else, runs a single thread, and never opens a document:
each child begins as it is, sets its own limits and takes its own task. The children wait to be
asked for, so that the number of one is not given to another process before its end is told.

What it hears and says on the socket are single numbers, one answer to each request.
"""

from __future__ import annotations

import gc
import os
import socket
import struct
import sys
from contextlib import suppress
from typing import NoReturn

NUMBER = struct.Struct("!q")
START = 0  # with three open files: the child's input, output and errors; answered by its number
REFUSED = -1  # the system has no room for another process
RUNS = 1 << 32  # the answer to a child's number while it has not ended; else its exit code
_FILES = 3
# One document takes two children. With the third begins a run over several, which is worth
# loading at once what each child would load for itself: formats, and the model of languages.
_SEVERAL = 3


def main() -> None:
    """Serve until the other end of the socket closes."""
    from gcm_align.reading.child import load_reading

    control = socket.socket(fileno=int(sys.argv[1]))
    load_reading()
    _settle()
    started = 0
    while request := _receive(control):
        number, files = request
        if number == START:
            started += 1
            if started == _SEVERAL:
                load_reading(everything=True)
                _settle()
            answer = _fork(control, files)
        else:
            answer = _ended(number)
        control.sendall(NUMBER.pack(answer))
    os._exit(0)  # nothing is left to put away, and the parent waits


def _settle() -> None:
    """Put what is loaded out of the collector's reach: children share it until they write."""
    gc.collect()
    gc.freeze()


def _receive(control: socket.socket) -> tuple[int, list[int]] | None:
    """Return the next request and the files that came with it, None at the end."""
    with suppress(OSError):
        data, files, _, _ = socket.recv_fds(control, NUMBER.size, _FILES, socket.MSG_WAITALL)
        if len(data) == NUMBER.size:
            return NUMBER.unpack(data)[0], files
    return None


def _fork(control: socket.socket, files: list[int]) -> int:
    """Fork a child that reads a document; return its number."""
    try:
        number = os.fork()
    except OSError:
        number = REFUSED
    if number == 0:
        _become_child(control, files)
    for file in files:
        os.close(file)
    if number > 0:
        _lead_group(number)
    return number


def _become_child(control: socket.socket, files: list[int]) -> NoReturn:
    """Carry out the task that comes on the given input; never return."""
    try:
        from gcm_align.reading.child import main as read

        control.close()
        _lead_group(0)
        for wanted, file in enumerate(files):
            os.dup2(file, wanted)
            os.close(file)
        read()
    finally:
        os._exit(1)


def _lead_group(number: int) -> None:
    """Make a process the head of its group, to be ended with all that it starts."""
    # Said by both sides, so that it holds when either goes on.
    with suppress(OSError):
        os.setpgid(number, number)


def _ended(number: int) -> int:
    """Return the exit code of a child, negative for a signal; RUNS while it has none."""
    try:
        found, status = os.waitpid(number, os.WNOHANG)
    except ChildProcessError:
        return 1
    return os.waitstatus_to_exitcode(status) if found else RUNS


if __name__ == "__main__":
    main()
