"""The application's own tables: documents, runs, comparisons, users, what was done."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from gcm_align.errors import ServerDataError
from gcm_align.transactions import immediate

BUSY_SECONDS = 30.0  # how long a process waits for another one's write
APPLICATION_ID = 0x47434D57  # "GCMW": a database of another program is told apart
# One script a version; user_version says how many were run. Never change one that was released.
MIGRATIONS = (
    """
    CREATE TABLE documents (
        sha256 TEXT PRIMARY KEY, name TEXT NOT NULL, country TEXT NOT NULL, status TEXT NOT NULL,
        media_type TEXT NOT NULL, size INTEGER NOT NULL, added_by TEXT NOT NULL, added TEXT NOT NULL
    );
    CREATE TABLE runs (
        id INTEGER PRIMARY KEY AUTOINCREMENT, sha256 TEXT NOT NULL REFERENCES documents(sha256),
        state TEXT NOT NULL, stage TEXT NOT NULL DEFAULT '', done INTEGER NOT NULL DEFAULT 0,
        total INTEGER NOT NULL DEFAULT 0, message TEXT NOT NULL DEFAULT '',
        tries INTEGER NOT NULL DEFAULT 0, cancel INTEGER NOT NULL DEFAULT 0,
        asked TEXT NOT NULL, ended TEXT NOT NULL DEFAULT ''
    );
    CREATE INDEX runs_by_document ON runs(sha256);
    CREATE INDEX runs_by_state ON runs(state);
    CREATE TABLE users (
        name TEXT PRIMARY KEY, role TEXT NOT NULL, password TEXT NOT NULL, made TEXT NOT NULL
    );
    CREATE TABLE sessions (
        digest TEXT PRIMARY KEY, user TEXT NOT NULL, made TEXT NOT NULL
    );
    CREATE TABLE tokens (
        digest TEXT PRIMARY KEY, user TEXT NOT NULL, role TEXT NOT NULL, made TEXT NOT NULL
    );
    CREATE TABLE audit (
        number INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, user TEXT NOT NULL,
        what TEXT NOT NULL, object TEXT NOT NULL
    );
    """,
    """
    CREATE TABLE comparisons (
        id INTEGER PRIMARY KEY AUTOINCREMENT, mode TEXT NOT NULL, title TEXT NOT NULL,
        made_by TEXT NOT NULL, made TEXT NOT NULL
    );
    CREATE TABLE compared (
        comparison INTEGER NOT NULL REFERENCES comparisons(id), place INTEGER NOT NULL,
        sha256 TEXT NOT NULL REFERENCES documents(sha256), run INTEGER NOT NULL,
        PRIMARY KEY (comparison, place)
    );
    """,
)


def now() -> str:
    """Return the time as ISO 8601, UTC, in seconds."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


class Database:
    """
    One SQLite file; each call opens its own connection, so that threads and processes may share.

    Raises:
        ServerDataError: The file is not ours, is damaged, or was written by a newer version.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._unusable(error.strerror or type(error).__name__) from error
        with self.write() as connection:
            self._migrate(connection)

    def rows(self, query: str, values: tuple[Any, ...] = ()) -> list[sqlite3.Row]:
        """Return the rows of a query."""
        with self._connect() as connection:
            return connection.execute(query, values).fetchall()

    def row(self, query: str, values: tuple[Any, ...] = ()) -> sqlite3.Row | None:
        """Return the first row of a query, None where there is none."""
        with self._connect() as connection:
            found: sqlite3.Row | None = connection.execute(query, values).fetchone()
            return found

    def change(self, statement: str, values: tuple[Any, ...] = ()) -> int:
        """Carry out one statement; return the id of a row that it inserted."""
        with self.write() as connection:
            return connection.execute(statement, values).lastrowid or 0

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Give a connection that holds the right to write; all of it is kept, or nothing."""
        with self._connect() as connection, immediate(connection):
            yield connection

    @contextmanager
    def _connect(self) -> Iterator[sqlite3.Connection]:
        try:
            connection = sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None)
            with closing(connection):
                connection.row_factory = sqlite3.Row
                connection.execute("PRAGMA journal_mode=WAL")
                connection.execute("PRAGMA foreign_keys=ON")
                yield connection
        except sqlite3.DatabaseError as error:
            raise self._unusable(str(error)) from error

    def _migrate(self, connection: sqlite3.Connection) -> None:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        owner = connection.execute("PRAGMA application_id").fetchone()[0]
        tables = connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[0]
        if version > len(MIGRATIONS) or (tables and owner != APPLICATION_ID):
            raise self._unusable("another program or a newer version wrote it")
        for script in MIGRATIONS[version:]:
            for statement in script.split(";"):
                if statement.strip():
                    connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")

    def _unusable(self, why: str) -> ServerDataError:
        return ServerDataError(
            "The data of the web application cannot be used",
            value=f"{self.path} ({why})",
            expected="a folder that `gcm-align serve` made, and that this user may write to",
            hint="Give another folder with --data, or restore a backup.",
        )
