"""The process that reads one document: a task on standard input, messages on output.

Forked by :mod:`gcm_align.reading.nursery`, or run as ``python -P -m gcm_align.reading.child``.
It limits itself before it opens anything, and refuses what reading a document never needs:
the network, other programs, pickled classes.
"""

from __future__ import annotations

import importlib
import json
import math
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from gcm_align.reading.watching import PageTimeError, Watch, watched

if TYPE_CHECKING:
    from gcm_align.settings import Settings

# The one program that reading may start: it recognises the letters of scanned pages.
_PROGRAMS = frozenset({"tesseract", "tesseract.exe"})
_REFUSED = ("socket.", "os.exec", "os.fork", "os.system", "pickle.", "urllib.", "ftplib.")
# Loaded when a document needs them; each brings its libraries.
_PARSERS = (
    *("akoma", "composing", "markdown", "opendocument", "pdf", "plain", "quick_pages", "scans"),
    *("transfer", "unpacking", "verify", "web", "word"),
)
_GRACE = 2  # seconds: the alarm repeats each second, and rounding
_SHARE = 0.9  # of the time is for pages; the rest to put together what was read


def main() -> None:
    """Carry out the task, and leave without the clean-up that a broken library may spoil."""
    # Libraries may print; the channel is for messages alone.
    channel = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)
    task = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _take_place(task)
    try:
        answer = _carry_out(task, channel)
    except Exception as error:
        answer = _failure(error)
    with suppress(OSError):
        _say(channel, answer)
    os._exit(0)


def _take_place(task: dict[str, Any]) -> None:
    """Take over the environment and the folder of the process that asks."""
    if "environment" in task:
        os.environ.clear()
        os.environ.update(task["environment"])
    with suppress(OSError):
        os.chdir(task.get("folder_now", "."))


def _carry_out(task: dict[str, Any], channel: TextIO) -> dict[str, Any]:
    from gcm_align.settings import Settings

    settings = Settings(**task["settings"])
    limit_resources(settings)
    load_reading()
    sys.addaudithook(refuse)
    path = Path(task["path"])
    watch = _Reporter(channel, settings, task)
    with watched(watch):
        if task["want"] == "members":
            from gcm_align.reading.unpacking import unpack

            return unpack(path, Path(task["folder"]), settings)
        if task["want"] == "texts":
            return {"texts": _texts(path, settings, task)}
        document = _read(path, settings, channel)
    return {"document": document, "stopped": watch.stopped}


def _read(path: Path, settings: Settings, channel: TextIO) -> dict[str, Any]:
    from gcm_align.errors import LimitExceededError
    from gcm_align.reading.reader import read_document
    from gcm_align.reading.transfer import to_values

    document = read_document(
        path,
        settings=settings,
        progress=lambda done, total: _say(channel, {"done": done, "total": total}),
    )
    if len(document.text) > settings.max_chars:
        raise LimitExceededError(
            "The file holds too much text",
            value=f"{path} ({len(document.text)} characters)",
            expected=f"at most {settings.max_chars} characters",
            hint="Split the file, or raise the setting max_chars.",
        )
    return to_values(document)


def _texts(path: Path, settings: Settings, task: dict[str, Any]) -> list[str]:
    """Return the second reader's text of each page, as quotes are looked for in it."""
    from gcm_align.reading.transfer import from_values
    from gcm_align.reading.verify import page_texts

    document = from_values(task["document"])
    with page_texts(path, document, settings) as pages:
        return [pages.page(number) for number in range(1, document.quality.pages + 1)]


def limit_resources(settings: Settings) -> None:
    """Set the limits of this process, where the system knows them: not on Windows."""
    try:
        import resource
    except ImportError:
        return
    limits = (
        (resource.RLIMIT_AS, settings.max_read_memory),
        (resource.RLIMIT_FSIZE, settings.max_unpacked_bytes),
        (resource.RLIMIT_CORE, 0),
    )
    for which, most in limits:
        hard = resource.getrlimit(which)[1]
        wanted = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with suppress(ValueError, OSError):  # macOS refuses to limit the address space
            resource.setrlimit(which, (wanted, hard))
    limit_processor(settings, page=False)


def limit_processor(settings: Settings, *, page: bool) -> None:
    """Limit the processor time from now on to that of a page, or of the document."""
    try:
        import resource
    except ImportError:
        return
    most = settings.max_read_seconds
    if page:
        # Twice: once until its layout is given up, once to read it without.
        own = math.ceil(time.process_time()) + 2 * settings.max_page_seconds
        most = min(most, own + _GRACE)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (most, hard))


def load_reading(*, everything: bool = False) -> None:
    """
    Load what is needed before anything is refused, with fonts' maps from one place only.

    Args:
        everything: Load what a document may need at all, for the good of the next ones.
    """
    import pdfminer

    from gcm_align.reading import reader  # noqa: F401

    if everything:
        from gcm_align.reading import languages, pdfium

        for name in _PARSERS:
            importlib.import_module(f"gcm_align.reading.{name}")
        pdfium.load_pdfium()
        languages.load_languages()
    # pdfminer would take character maps from any folder that this variable names.
    os.environ["CMAP_PATH"] = str(Path(pdfminer.__file__).parent / "cmap")


def refuse(event: str, details: tuple[Any, ...]) -> None:
    """Refuse, as an audit hook, what no document may bring about."""
    if event in {"subprocess.Popen", "os.posix_spawn"}:
        if os.path.basename(os.fsdecode(details[0])) in _PROGRAMS:  # noqa: PTH119 (may be bytes)
            return
    elif not event.startswith(_REFUSED):
        return
    raise PermissionError(f"{event} is refused while a document is read")


class _Reporter(Watch):
    """Tells the parent of each page and keeps to the pages and seconds that are given."""

    def __init__(self, channel: TextIO, settings: Settings, task: dict[str, Any]) -> None:
        self.stopped = 0  # the page that was refused first, for want of time
        self._channel = channel
        self._pages = task["pages"]
        self._lists = task["lists"]
        self._settings = settings
        self._page_seconds = settings.max_page_seconds
        self._most = _SHARE * settings.max_read_seconds
        self._start = time.monotonic()

    def enter(self, number: int) -> bool:
        """Pass the page on; refuse it where an earlier run died there or time is up."""
        if number == 0 and not self._lists:
            return False
        if (self._pages and number > self._pages) or (self.stopped and number >= self.stopped):
            return False
        if number and not self.has_time():
            self.stopped = number
            return False
        limit_processor(self._settings, page=number > 0)
        _say(self._channel, {"page": number})
        return True

    def has_time(self) -> bool:
        """Say whether the document's seconds, of the processor and of the wall, are left."""
        return max(time.process_time(), time.monotonic() - self._start) <= self._most

    @contextmanager
    def clock(self) -> Iterator[None]:
        """Raise PageTimeError after the page's seconds of this process, busy machine or not."""
        if not hasattr(signal, "setitimer"):  # Windows: the parent's clock alone
            yield
            return

        def ring(_number: int, _frame: object) -> None:
            raise PageTimeError(f"{self._page_seconds} seconds")

        signal.signal(signal.SIGVTALRM, ring)
        # Again each second: parsers catch any exception and go on.
        signal.setitimer(signal.ITIMER_VIRTUAL, self._page_seconds, 1.0)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def _end_with_parent() -> None:
    """End this process, and what it started, when the parent's end of the pipe closes."""
    while os.read(0, 1):
        pass
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        os.killpg(os.getpid(), signal.SIGKILL)
    os._exit(1)


def _failure(error: Exception) -> dict[str, Any]:
    from gcm_align.errors import ReadingError

    if isinstance(error, ReadingError):
        return {
            "fault": {
                "type": type(error).__name__,
                "what": error.what,
                "value": str(error.value),
                "expected": error.expected,
                "hint": error.hint,
            }
        }
    said = traceback.format_exception(error, limit=-20)
    return {"broke": "".join(said), "why": type(error).__name__}


def _say(channel: TextIO, message: dict[str, Any]) -> None:
    channel.write(json.dumps(message) + "\n")
    channel.flush()


if __name__ == "__main__":
    main()
