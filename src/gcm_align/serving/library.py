"""Documents and their runs, in one folder: what was uploaded, what came of it."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from gcm_align.catalogue import Framework, load_catalogue
from gcm_align.errors import UsageError
from gcm_align.files import replace_file
from gcm_align.reading.sniffing import ARCHIVE, media_type
from gcm_align.reporting import read_report, to_json
from gcm_align.reviewing.agreeing import Agreement, agreements
from gcm_align.reviewing.applying import apply_reviews
from gcm_align.reviewing.records import DocumentKey
from gcm_align.reviewing.store import ReviewStore
from gcm_align.serving import strings
from gcm_align.serving.database import Database, now
from gcm_align.translating import gettext as _

if TYPE_CHECKING:
    from gcm_align.types import Report

QUEUED, RUNNING, DONE, FAILED, CANCELLED = "queued", "running", "done", "failed", "cancelled"
STATUSES = tuple(strings.STATUSES)
MOST_NAME = 120  # characters of a file name
_REPORTS_HELD = 8  # parsed reports in memory; each takes some megabytes
_MOST_TRIES = 3  # of a run whose process died: a file that kills it must not do so for ever


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One assessment of a document that was asked for."""

    id: int
    sha256: str
    state: str
    stage: str
    done: int
    total: int
    message: str

    @property
    def waits(self) -> bool:
        """Whether it has not come to its end."""
        return self.state in (QUEUED, RUNNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A document of the workspace with its latest run."""

    sha256: str
    name: str
    country: str
    status: str
    media_type: str
    size: int
    added_by: str
    added: str
    run: Run | None
    assessed: bool  # a report is there, of this run or an earlier one


class Library:
    """Everything in one data folder."""

    def __init__(self, folder: Path, framework: Framework | None = None) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)  # drafts of a government are not for other users of the machine
        self.database = Database(folder / "app.sqlite")
        self.reviews = ReviewStore(folder / "reviews.sqlite")
        self.framework = framework or load_catalogue()
        self._held: OrderedDict[tuple[str, int], Report] = OrderedDict()
        self._lock = Lock()

    def add(self, data: bytes, name: str, *, country: str, status: str, user: str) -> Entry:
        """
        Keep a document and ask for its assessment; the same bytes are kept once.

        Raises:
            UnsupportedFormatError: It is of no format that is read.
            UsageError: It is empty, or the status is unknown.
        """
        _check(data, name, status)
        # What a container holds is looked at by the process that reads it, not by the server.
        kind = ARCHIVE if data.startswith(b"PK\x03\x04") else media_type(data, name)
        sha256 = hashlib.sha256(data).hexdigest()
        if self.entry(sha256) is None:
            path = self.folder / "files" / sha256 / safe_name(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(path, data)
            self.database.change(
                "INSERT OR IGNORE INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (sha256, path.name, clean(country), status, kind, len(data), user, now()),
            )
            self.ask(sha256)
        entry = self.entry(sha256)
        assert entry is not None
        return entry

    def ask(self, sha256: str) -> int:
        """Ask for an assessment, unless one is waited for; return the id of the run."""
        with self.database.write() as connection:
            waiting = connection.execute(
                "SELECT id FROM runs WHERE sha256 = ? AND cancel = 0 "
                "AND state IN ('queued', 'running')",
                (sha256,),
            ).fetchone()
            if waiting:
                return int(waiting["id"])
            cursor = connection.execute(
                "INSERT INTO runs (sha256, state, asked) VALUES (?, ?, ?)", (sha256, QUEUED, now())
            )
            return cursor.lastrowid or 0

    def describe(self, sha256: str, *, country: str, status: str) -> None:
        """Change what is said of a document."""
        _check(b"-", "", status)
        self.database.change(
            "UPDATE documents SET country = ?, status = ? WHERE sha256 = ?",
            (clean(country), status, sha256),
        )

    def entries(self) -> list[Entry]:
        """Return all documents, by country and name."""
        rows = self.database.rows(f"{_ENTRIES} ORDER BY d.country, d.name, d.sha256")
        return [self._entry(row) for row in rows]

    def entry(self, sha256: str) -> Entry | None:
        """Return one document."""
        row = self.database.row(f"{_ENTRIES} WHERE d.sha256 = ?", (sha256,))
        return self._entry(row) if row else None

    def in_order(self, digests: Sequence[str]) -> list[Entry]:
        """Return documents by the order of their upload, each once; unknown ones are left out."""
        rows = self.database.rows(f"{_ENTRIES} ORDER BY d.rowid")
        return [self._entry(row) for row in rows if row["sha256"] in digests]

    def each(self, entries: Sequence[Entry]) -> dict[str, Report]:
        """Return the report of each document under a name of its own."""
        found: dict[str, Report] = {}
        for entry in entries:
            report = self.report(entry.sha256)
            assert report is not None  # only documents that were assessed can be chosen
            name = entry.name if entry.name not in found else f"{entry.name} [{entry.sha256[:8]}]"
            found[name] = report
        return found

    def by_country(self, entries: Sequence[Entry]) -> dict[str, Report]:
        """Return one report for each country, of all its documents; by the letter."""
        countries = sorted({entry.country for entry in entries})
        return {
            country or _("no country named"): together(
                self.each([entry for entry in entries if entry.country == country])
            )
            for country in countries
        }

    def latest_runs(self) -> list[Run]:
        """Return the latest run of each document."""
        return [entry.run for entry in self.entries() if entry.run is not None]

    def agreement(self, report: Report) -> tuple[Agreement, ...]:
        """Return how far each two reviewers of a document agree."""
        current = self.reviews.current(DocumentKey.of(report.documents[0]))
        return agreements([verdict for held in current.values() for verdict in held.verdicts])

    def path(self, entry: Entry) -> Path:
        """Return where the file of a document lies."""
        return self.folder / "files" / entry.sha256 / entry.name

    def run(self, number: int) -> Run | None:
        """Return one run."""
        row = self.database.row(_RUN_BY_ID, (number,))
        return _run(row) if row else None

    def cancel(self, number: int) -> None:
        """End a run: at once where it waits, at its next step where it is under way."""
        with self.database.write() as connection:
            connection.execute(
                "UPDATE runs SET state = ?, ended = ? WHERE id = ? AND state = ?",
                (CANCELLED, now(), number, QUEUED),
            )
            connection.execute("UPDATE runs SET cancel = 1 WHERE id = ?", (number,))

    def claim(self) -> Run | None:
        """Take the run that waits longest."""
        with self.database.write() as connection:
            row = connection.execute(
                "SELECT id FROM runs WHERE state = ? ORDER BY id LIMIT 1", (QUEUED,)
            ).fetchone()
            if row is None:
                return None
            connection.execute(
                "UPDATE runs SET state = ?, tries = tries + 1 WHERE id = ?", (RUNNING, row["id"])
            )
        return self.run(int(row["id"]))

    def resume(self) -> int:
        """Queue again what was under way when its process ended; return how many."""
        with self.database.write() as connection:
            connection.execute(
                "UPDATE runs SET state = ?, message = ?, ended = ? WHERE state = ? AND tries >= ?",
                (FAILED, strings.DIED, now(), RUNNING,
                 _MOST_TRIES),
            )  # fmt: skip
            cursor = connection.execute(
                "UPDATE runs SET state = ?, stage = '', done = 0, total = 0 WHERE state = ?",
                (QUEUED, RUNNING),
            )
            return cursor.rowcount

    def report_path(self, sha256: str) -> Path:
        """Return where the machine's report of a document lies."""
        return self.folder / "reports" / f"{sha256}.json"

    def keep_report(self, sha256: str, report: Report) -> None:
        """Keep what came of a run."""
        path = self.report_path(sha256)
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, to_json(report).encode("utf-8", "replace"))

    def report(self, sha256: str) -> Report | None:
        """Return the report of a document with its reviews, None before the first run ended."""
        path = self.report_path(sha256)
        if not path.exists():
            return None
        key = (sha256, path.stat().st_mtime_ns)
        with self._lock:
            report = self._held.pop(key, None) or read_report(path)
            self._held[key] = report
            while len(self._held) > _REPORTS_HELD:
                self._held.popitem(last=False)
        return apply_reviews(report, self.reviews)

    def _entry(self, row: sqlite3.Row) -> Entry:
        values = {name: row[name] for name in _DOCUMENT}
        run = _run(row) if row["id"] is not None else None
        return Entry(**values, run=run, assessed=self.report_path(row["sha256"]).exists())


_DOCUMENT = ("sha256", "name", "country", "status", "media_type", "size", "added_by", "added")
_RUN = "r.id, r.sha256 AS run_of, r.state, r.stage, r.done, r.total, r.message"
_RUN_BY_ID = f"SELECT {_RUN} FROM runs r WHERE id = ?"  # noqa: S608 (our own names)
_ENTRIES = (
    f"SELECT {', '.join(f'd.{name}' for name in _DOCUMENT)}, {_RUN} FROM documents d LEFT JOIN "  # noqa: S608 (our own names)
    "runs r ON r.id = (SELECT MAX(id) FROM runs WHERE sha256 = d.sha256)"
)


def together(reports: Mapping[str, Report]) -> Report:
    """Return several reports as one; documents are told apart by the names given."""

    def named(report: Report, name: str) -> Report:
        return replace(
            report,
            documents=tuple(replace(item, id=name, name=name) for item in report.documents),
            assessments=tuple(replace(item, document_id=name) for item in report.assessments),
            principles=tuple(replace(item, document_id=name) for item in report.principles),
            reviews=tuple(replace(item, document_id=name) for item in report.reviews),
        )

    parts = [named(report, name) for name, report in reports.items()]
    return replace(
        parts[0],
        documents=tuple(item for part in parts for item in part.documents),
        assessments=tuple(item for part in parts for item in part.assessments),
        principles=tuple(item for part in parts for item in part.principles),
        reviews=tuple(item for part in parts for item in part.reviews),
    )


def safe_name(name: str) -> str:
    """Return a file's name without its folders and without what a file system may refuse."""
    last = re.split(r"[/\\]", name)[-1]
    kept = re.sub(r"[^\w .()+-]", "_", last).strip(" .")[-MOST_NAME:].strip(" .")
    return kept or "document"


def clean(text: str) -> str:
    """Return a text on one line, of printable characters, that is not too long."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:MOST_NAME]


def _run(row: sqlite3.Row) -> Run:
    return Run(
        id=row["id"], sha256=row["run_of"], state=row["state"], stage=row["stage"],
        done=row["done"], total=row["total"], message=row["message"],
    )  # fmt: skip


def _check(data: bytes, name: str, status: str) -> None:
    if not data:
        raise UsageError(
            _("The file is empty"), value=safe_name(name), expected=_("a document with text"),
            hint=_("Check that it was saved, then upload it again."),
        )  # fmt: skip
    if status not in STATUSES:
        raise UsageError(
            _("The status is unknown"), value=status[:40], expected=" or ".join(STATUSES),
            hint=_("Choose one of the two."),
        )  # fmt: skip
