"""Writing to SQLite: the right to write is taken before anything is read, all or nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def immediate(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """
    Hold the right to write until the end, then keep everything, or nothing after an error.

    Args:
        connection: Opened with ``isolation_level=None``.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
    except BaseException:
        connection.rollback()
        raise
    connection.commit()
