"""A content-addressed cache of vectors in one SQLite file, safe under parallel processes."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]

VECTORS_FILE = "vectors.sqlite"
BUSY_SECONDS = 30.0  # how long a process waits for another one's write
QUERY_KEYS = 500  # SQLite allows 999 bound values in its oldest builds

log = logging.getLogger("gcm_align")


class VectorCache:
    """
    Vectors by content key. A damaged file is set aside and made anew, never trusted.

    Args:
        folder: Where the file is; made if it is not there.
        most_bytes: What the file may take; beyond it the vectors kept longest ago make room.
    """

    def __init__(self, folder: Path, most_bytes: int = 1_000_000_000) -> None:
        self.path = folder / VECTORS_FILE
        self.most_bytes = most_bytes
        folder.mkdir(parents=True, exist_ok=True)

    def get(self, keys: Sequence[str]) -> dict[str, FloatArray]:
        """Return the vectors that are there, by key. Each shape: (n_dimensions,)."""
        found: dict[str, FloatArray] = {}
        unique = sorted(set(keys))
        with self._connect() as connection:
            for at in range(0, len(unique), QUERY_KEYS):
                part = unique[at : at + QUERY_KEYS]
                marks = ",".join("?" * len(part))
                rows = connection.execute(
                    f"SELECT key, vector FROM vectors WHERE key IN ({marks})",  # noqa: S608 (marks only)
                    part,
                )
                found.update((key, np.frombuffer(blob, dtype="<f4")) for key, blob in rows)
        return found

    def put(self, vectors: Mapping[str, FloatArray]) -> None:
        """Keep vectors under their keys; a key that is there already stays as it is."""
        rows = [(key, vector.astype("<f4").tobytes()) for key, vector in sorted(vectors.items())]
        with self._connect() as connection:
            connection.executemany("INSERT OR IGNORE INTO vectors VALUES (?, ?)", rows)
            _make_room(connection, self.most_bytes)

    @contextmanager
    def _connect(self) -> Iterator[sqlite3.Connection]:
        try:
            connection = self._open()
        except sqlite3.OperationalError:
            raise  # locked or unwritable, not damaged
        except sqlite3.DatabaseError:
            damaged = self.path.with_suffix(".damaged")
            log.warning("The cache %s is damaged; it is set aside and made anew.", self.path)
            self.path.replace(damaged)
            connection = self._open()
        with closing(connection), connection:
            yield connection

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=BUSY_SECONDS)
        try:
            connection.execute("PRAGMA synchronous=NORMAL")
            connection.execute(
                "CREATE TABLE IF NOT EXISTS vectors (key TEXT PRIMARY KEY, vector BLOB NOT NULL)"
            )
        except sqlite3.DatabaseError:
            connection.close()
            raise
        return connection


def _make_room(connection: sqlite3.Connection, most_bytes: int) -> None:
    """Remove a tenth of the vectors, the oldest, where the file takes more than it may."""
    pages, free, size = (
        connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("page_count", "freelist_count", "page_size")
    )
    if (pages - free) * size > most_bytes:  # pages set free are filled again first
        connection.execute(
            "DELETE FROM vectors WHERE rowid IN (SELECT rowid FROM vectors ORDER BY rowid "
            "LIMIT 1 + (SELECT COUNT(*) FROM vectors) / 10)"
        )
