"""Comparisons that are kept: which documents, of which runs, as what, by whom and when."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from gcm_align.errors import UsageError
from gcm_align.reporting.compare_wording import MODES
from gcm_align.reporting.comparisons import Comparison, compared
from gcm_align.serving.database import now
from gcm_align.serving.library import DONE, Entry, Library, clean
from gcm_align.translating import gettext as _

MOST_DOCUMENTS = 60  # of one comparison; each report takes some megabytes of memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A comparison of the workspace; its content is made anew whenever it is opened."""

    id: int
    mode: str  # drafts, documents or countries
    title: str
    made_by: str
    made: str  # ISO 8601, UTC
    documents: tuple[Entry, ...]  # in the order of their upload
    redone: tuple[Entry, ...]  # those that were assessed again since it was made

    @property
    def name(self) -> str:
        """What it is called: its title, else its documents."""
        return self.title or " · ".join(entry.name for entry in self.documents)


class Comparisons:
    """The comparisons of one data folder."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._database = library.database

    def add(self, mode: str, digests: Sequence[str], *, title: str, user: str) -> Kept:
        """
        Keep a comparison of documents that were assessed.

        Raises:
            UsageError: The kind is unknown, or these cannot be compared so.
        """
        entries = self._library.in_order(digests)
        _check(mode, entries)
        self.made_of(mode, entries)  # what cannot be compared is not kept
        with self._database.write() as connection:
            number = connection.execute(
                "INSERT INTO comparisons (mode, title, made_by, made) VALUES (?, ?, ?, ?)",
                (mode, clean(title), user, now()),
            ).lastrowid
            for place, entry in enumerate(entries):
                connection.execute(
                    "INSERT INTO compared VALUES (?, ?, ?, 0)", (number, place, entry.sha256)
                )
            connection.execute(_TAKE_RUNS, (number,))
        found = self.get(number or 0)
        assert found is not None
        return found

    def all(self) -> list[Kept]:
        """Return all comparisons, the latest first."""
        rows = self._database.rows("SELECT * FROM comparisons ORDER BY id DESC")
        return [self._kept(row) for row in rows]

    def get(self, number: int) -> Kept | None:
        """Return one comparison."""
        row = self._database.row("SELECT * FROM comparisons WHERE id = ?", (number,))
        return self._kept(row) if row else None

    def renew(self, number: int) -> None:
        """Say that a comparison was looked at with the runs that there are now."""
        self._database.change(_TAKE_RUNS, (number,))

    def remove(self, number: int) -> bool:
        """Remove a comparison, not its documents; say whether there was one."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM compared WHERE comparison = ?", (number,))
            return bool(
                connection.execute("DELETE FROM comparisons WHERE id = ?", (number,)).rowcount
            )

    def made_of(self, mode: str, entries: Sequence[Entry]) -> Comparison:
        """
        Compare documents as they stand now, with their reviews.

        Raises:
            UsageError: They cannot be compared so.
            ReportError: They were assessed with another catalogue.
        """
        by_country = mode == "countries"
        parties = self._library.by_country(entries) if by_country else self._library.each(entries)
        return compared(parties, self._library.framework, mode=mode)

    def _kept(self, row: sqlite3.Row) -> Kept:
        found = self._database.rows(_COMPARED, (row["id"],))
        chosen = self._library.in_order([own["sha256"] for own in found])
        entries = {entry.sha256: entry for entry in chosen}
        return Kept(
            id=row["id"], mode=row["mode"], title=row["title"], made_by=row["made_by"],
            made=row["made"], documents=tuple(entries[own["sha256"]] for own in found),
            redone=tuple(entries[own["sha256"]] for own in found if own["redone"]),
        )  # fmt: skip


# The latest run of a document that made a report.
_LATEST = (
    "(SELECT COALESCE(MAX(r.id), 0) FROM runs r "  # noqa: S608 (our own)
    f"WHERE r.sha256 = compared.sha256 AND r.state = '{DONE}')"
)
_TAKE_RUNS = f"UPDATE compared SET run = {_LATEST} WHERE comparison = ?"  # noqa: S608 (our own)
_COMPARED = (
    f"SELECT sha256, run < {_LATEST} AS redone FROM compared "  # noqa: S608 (our own)
    "WHERE comparison = ? ORDER BY place"
)


def _check(mode: str, entries: Sequence[Entry]) -> None:
    if mode not in MODES:
        raise UsageError(
            _("The kind of comparison is unknown"), value=mode[:40], expected=" or ".join(MODES),
            hint=_("Choose one of the three."),
        )  # fmt: skip
    waiting = [entry.name for entry in entries if not entry.assessed]
    if waiting:
        raise UsageError(
            _("A document has not been assessed yet"), value=waiting[0],
            expected=_("documents that were assessed"),
            hint=_("Wait until it is done, or leave it out."),
        )  # fmt: skip
    if len(entries) > MOST_DOCUMENTS:
        raise UsageError(
            _("Too many documents are compared at once"), value=len(entries),
            expected=_("at most {count}").format(count=MOST_DOCUMENTS), hint=_("Choose fewer."),
        )  # fmt: skip
