"""Reviews in one SQLite file that only grows: nothing is overwritten, an undo is a row too.

Safe for several threads and processes: each call opens its own connection, writes in one
transaction, and waits for the others. What was committed survives a process that is killed.
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from gcm_align.errors import ReviewError, ReviewStoreError
from gcm_align.reviewing.records import (
    Decision,
    DocumentKey,
    Review,
    StandingReviews,
    StoredReview,
)
from gcm_align.transactions import immediate
from gcm_align.types import Level

BUSY_SECONDS = 30.0  # how long a process waits for another one's write
APPLICATION_ID = 0x47434D52  # "GCMR": a database of another program is told apart
COLUMNS = (
    *("document", "sha256", "text_sha256", "action", "machine_level", "decision", "level"),
    *("reason", "note", "reviewer", "at", "evidence", "quotes", "undoes"),
)
# One script a version; user_version says how many were run. Never change one that was released.
MIGRATIONS = (
    """
    CREATE TABLE reviews (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        document TEXT NOT NULL, sha256 TEXT NOT NULL, text_sha256 TEXT NOT NULL,
        action TEXT NOT NULL, machine_level INTEGER, decision TEXT NOT NULL, level INTEGER,
        reason TEXT NOT NULL, note TEXT NOT NULL, reviewer TEXT NOT NULL, at TEXT NOT NULL,
        evidence TEXT NOT NULL, quotes TEXT NOT NULL,
        undoes INTEGER REFERENCES reviews(number)
    );
    CREATE UNIQUE INDEX undone_once ON reviews(undoes) WHERE undoes IS NOT NULL;
    CREATE INDEX by_bytes ON reviews(sha256);
    CREATE INDEX by_text ON reviews(text_sha256);
    CREATE INDEX by_name ON reviews(document);
    CREATE TRIGGER no_update BEFORE UPDATE ON reviews
        BEGIN SELECT RAISE(ABORT, 'reviews are never changed'); END;
    CREATE TRIGGER no_delete BEFORE DELETE ON reviews
        BEGIN SELECT RAISE(ABORT, 'reviews are never deleted'); END;
    """,
)


def default_store_path() -> Path:
    """Return where reviews are kept unless told otherwise: the user's data folder."""
    from platformdirs import user_data_path

    return user_data_path("gcm-align") / "reviews.sqlite"


class ReviewStore:
    """
    The reviews of a user or a team.

    Raises:
        ReviewStoreError: The file is no store of reviews, is damaged, was written by a newer
            version, or cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._unusable(error.strerror or type(error).__name__) from error
        with self._connect() as connection:
            self._migrate(connection)

    def add(self, review: Review) -> StoredReview:
        """Keep one review."""
        return self.add_all([review])[0]

    def add_all(self, reviews: Sequence[Review]) -> tuple[StoredReview, ...]:
        """Keep reviews, all or none of them."""
        with self._write() as connection:
            return tuple(
                StoredReview(number=_insert(connection, review), review=review)
                for review in reviews
            )

    def undo(self, reviewer: str, document: DocumentKey, action: str) -> StoredReview | None:
        """
        Take back the reviewer's latest review of an action that is not taken back yet.

        Returns:
            The row that was added, holding what was taken back; None where there is nothing.
        """
        with self._write() as connection:
            rows = _live(_rows(connection, document, action))
            last = [row for row in rows if row.review.reviewer == reviewer]
            if not last:
                return None
            row, now = last[-1], dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
            number = _insert(connection, row.review, undoes=row.number, at=now)
            return StoredReview(number=number, review=row.review, undoes=row.number)

    def current(self, document: DocumentKey) -> Mapping[str, StandingReviews]:
        """
        Return what holds now of a document of these bytes or this text, by action.

        For each action the latest verdict and the latest note of every reviewer.
        """
        with self._connect() as connection:
            return standing(_live(_rows(connection, document)))

    def named(self, name: str) -> tuple[StoredReview, ...]:
        """Return the reviews, not taken back, of every text that had this name."""
        with self._connect() as connection:
            return _live(_select(connection, "document = ?", (name,)))

    def history(
        self, document: DocumentKey | None = None, action: str = ""
    ) -> tuple[StoredReview, ...]:
        """Return every row, the undone and the undoing too, the oldest first."""
        with self._connect() as connection:
            if document is not None:
                return _rows(connection, document, action)
            return _select(connection, "? IN ('', action)", (action,))

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        # Taken before anything is read, so that two writers cannot undo the same row.
        with self._connect() as connection, immediate(connection):
            yield connection

    @contextmanager
    def _connect(self) -> Iterator[sqlite3.Connection]:
        try:
            connection = sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None)
            with closing(connection):
                connection.execute("PRAGMA journal_mode=WAL")
                connection.execute("PRAGMA synchronous=FULL")  # a decision outlives a power cut
                yield connection
        except sqlite3.DatabaseError as error:
            raise self._unusable(str(error)) from error

    def _migrate(self, connection: sqlite3.Connection) -> None:
        """Bring the tables to this version, once, whoever comes first."""
        if self._version(connection) == len(MIGRATIONS):
            return
        with immediate(connection):
            for script in MIGRATIONS[self._version(connection) :]:
                for statement in _statements(script):
                    connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")

    def _version(self, connection: sqlite3.Connection) -> int:
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        owner = int(connection.execute("PRAGMA application_id").fetchone()[0])
        tables = int(connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
        if owner != APPLICATION_ID and (tables or version):
            raise self._unusable("a database of another program")
        if version > len(MIGRATIONS):
            raise ReviewStoreError(
                "A store of reviews was written by a newer gcm-align",
                value=f"{self.path} (version {version})",
                expected=f"version {len(MIGRATIONS)} or older",
                hint="Install the newer gcm-align, or give another file with --reviews.",
            )
        return version

    def _unusable(self, why: str) -> ReviewStoreError:
        return ReviewStoreError(
            "A store of reviews cannot be used",
            value=f"{self.path} ({why})",
            expected="a SQLite file of gcm-align that this user may write",
            hint="Restore it from a copy, or give another file with --reviews.",
        )


def standing(rows: Sequence[StoredReview]) -> dict[str, StandingReviews]:
    """Return what holds now by action, of rows that are not taken back, the oldest first."""
    latest: dict[str, dict[tuple[bool, str], Review]] = {}
    for row in rows:
        kept = latest.setdefault(row.review.action_id, {})
        key = (row.review.is_verdict, row.review.reviewer)
        kept.pop(key, None)  # so that the dictionary's order is that of the rows
        kept[key] = row.review
    return {
        action: StandingReviews(
            action_id=action,
            verdicts=tuple(review for review in kept.values() if review.is_verdict),
            notes=tuple(review for review in kept.values() if not review.is_verdict),
        )
        for action, kept in latest.items()
    }


def _statements(script: str) -> Iterator[str]:
    """Cut a script into statements; executescript() would commit in the middle."""
    held = ""
    for line in script.splitlines():
        held += line + "\n"
        if sqlite3.complete_statement(held):
            yield held
            held = ""


def _insert(
    connection: sqlite3.Connection, review: Review, *, undoes: int | None = None, at: str = ""
) -> int:
    values = (
        *(review.document.name, review.document.sha256, review.document.text_sha256),
        *(review.action_id, review.machine_level, review.decision.value, review.level),
        *(review.reason, review.note, review.reviewer, at or review.at, review.evidence),
        *(json.dumps(review.quotes), undoes),
    )
    marks = ", ".join("?" * len(COLUMNS))
    names = ", ".join(COLUMNS)
    # A broken font map can give half a surrogate pair, which UTF-8 cannot hold.
    safe = [v.encode("utf-8", "replace").decode() if isinstance(v, str) else v for v in values]
    statement = f"INSERT INTO reviews ({names}) VALUES ({marks})"  # noqa: S608 (our own names)
    return int(connection.execute(statement, safe).lastrowid or 0)


def _rows(
    connection: sqlite3.Connection, document: DocumentKey, action: str = ""
) -> tuple[StoredReview, ...]:
    same = "(sha256 = ? OR (text_sha256 = ? AND text_sha256 != '')) AND ? IN ('', action)"
    return _select(connection, same, (document.sha256, document.text_sha256, action))


def _select(
    connection: sqlite3.Connection, where: str, values: tuple[str, ...]
) -> tuple[StoredReview, ...]:
    names = ", ".join(COLUMNS)
    statement = f"SELECT number, {names} FROM reviews WHERE {where} ORDER BY number"  # noqa: S608
    return tuple(_stored(row) for row in connection.execute(statement, values))


def _stored(row: tuple[object, ...]) -> StoredReview:
    number, *values = row
    cell = dict(zip(COLUMNS, values, strict=True))
    text = {name: str(cell[name]) for name in COLUMNS}
    try:
        review = Review(
            document=DocumentKey(
                name=text["document"], sha256=text["sha256"], text_sha256=text["text_sha256"]
            ),
            action_id=text["action"],
            machine_level=None
            if cell["machine_level"] is None
            else Level(int(text["machine_level"])),
            decision=Decision(text["decision"]),
            level=None if cell["level"] is None else Level(int(text["level"])),
            reason=text["reason"],
            note=text["note"],
            reviewer=text["reviewer"],
            at=text["at"],
            evidence=text["evidence"],
            quotes=tuple(json.loads(text["quotes"])),
        )
    except (ValueError, ReviewError) as error:
        raise sqlite3.DatabaseError(f"row {number}: {error}") from error
    return StoredReview(
        number=int(str(number)), review=review, undoes=int(str(cell["undoes"] or 0))
    )


def _live(rows: Sequence[StoredReview]) -> tuple[StoredReview, ...]:
    """Return the reviews that nothing takes back."""
    undone = {row.undoes for row in rows}
    return tuple(row for row in rows if not row.undoes and row.number not in undone)
