"""Documents read one ahead, while the model loads or works on the one before."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from gcm_align.types import Document

_ONE_WAITS = 1  # a document that waits to be taken holds its text in memory


class ReadAhead:
    """
    Reads documents in their order, in a thread of its own.

    Args:
        paths: The files. They are taken in this order.
        read: Returns one document; what it raises is raised by take().
    """

    def __init__(self, paths: Sequence[Path], read: Callable[[Path], Document]) -> None:
        self._paths = paths
        self._read = read
        self._stopped = False
        self._done: queue.Queue[Document | BaseException] = queue.Queue(_ONE_WAITS)
        # A daemon: a run that is interrupted does not wait for a document that nobody wants.
        threading.Thread(target=self._serve, daemon=True).start()

    def take(self) -> Document:
        """Return the next document, or raise what reading it raised."""
        found = self._done.get()
        if isinstance(found, BaseException):
            raise found
        return found

    def close(self) -> None:
        """Read no further document, and let go of the one that waits."""
        self._stopped = True
        with suppress(queue.Empty):
            self._done.get_nowait()

    def _serve(self) -> None:
        for path in self._paths:
            if self._stopped:
                return
            try:
                found: Document | BaseException = self._read(path)
            except BaseException as error:  # raised where the document is taken
                found = error
            self._done.put(found)
