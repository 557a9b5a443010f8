"""Who watches while a file is read: told of each page, and able to refuse one.

In a process of its own (:mod:`gcm_align.reading.child`) the watch passes the page on to the
parent, limits its seconds and refuses pages once the time is up; elsewhere it does nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar


class PageTimeError(BaseException):
    """The work on one page took more time than it may.

    No Exception, since parsers catch any of those and go on, or raise another in its place.
    """


class Watch:
    """A watch that allows everything."""

    def enter(self, number: int) -> bool:
        """Note that work on a page (1-based), or on the file's own lists (0), begins.

        Returns:
            Whether it may.
        """
        return True

    def has_time(self) -> bool:
        """Say whether a page may still be begun; unlike enter(), this refuses nothing."""
        return True

    def clock(self) -> AbstractContextManager[None]:
        """Return a context in which PageTimeError is raised when the page's time is up."""
        return nullcontext()


_watch: ContextVar[Watch] = ContextVar("watch", default=Watch())  # noqa: B039 (has no state)


def enter_page(number: int) -> bool:
    """Note that work on a page (1-based) begins; say whether it may."""
    return _watch.get().enter(number)


def enter_lists() -> bool:
    """Note that work on the outline, the labels or the title begins; say whether it may."""
    return _watch.get().enter(0)


def has_time() -> bool:
    """Say whether the document's time leaves room for a page that can do without it."""
    return _watch.get().has_time()


def page_clock() -> AbstractContextManager[None]:
    """Return a context in which PageTimeError is raised when the page's time is up."""
    return _watch.get().clock()


@contextmanager
def watched(watch: Watch) -> Iterator[None]:
    """Have a watch told of everything that is read within."""
    token = _watch.set(watch)
    try:
        yield
    finally:
        _watch.reset(token)
