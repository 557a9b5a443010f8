"""Open a dataset for questions: DuckDB over its Parquet files, with what must be said of it."""

from __future__ import annotations

import glob
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gcm_align.batch.dataset import arrow_dataset, committed_files, damaged, read_head
from gcm_align.batch.schema import COLUMNS, DOCUMENTS, missing_extra
from gcm_align.batch.summary import NOT_STATED
from gcm_align.errors import UsageError

if TYPE_CHECKING:
    from gcm_align.catalogue import Framework

IN_FORCE = ("in force", "")  # what counts as law of today: stated, or nothing stated
STORED = "stored_documents"
_NAMED = """CREATE VIEW documents AS
    SELECT * REPLACE (coalesce(country, 'not stated') AS country) FROM stored_documents"""
# A text as words to search: lower case, without accents, one space between words.
_FOLDED = r"""CREATE MACRO folded(text) AS
    trim(regexp_replace(strip_accents(lower(text)), '[^\pL\pN]+', ' ', 'g'))"""


@dataclass(frozen=True, kw_only=True)
class Corpus:
    """A dataset that was opened; every question is SQL with bound values."""

    folder: Path
    framework: Framework

    @cached_property
    def _connection(self) -> Any:
        connection = _duckdb().connect()
        for table in COLUMNS:
            _create_view(connection, self.folder.resolve(), table)
        connection.execute(_NAMED)
        connection.execute(_FOLDED)
        # Nothing else is to be opened from here, whatever a question holds.
        whole = str(self.folder.resolve())
        allowed = {"plain": whole, "escaped": glob.escape(whole)}
        connection.execute("SET allowed_directories = [$plain, $escaped]", allowed)
        connection.execute("SET enable_external_access = false")
        return connection

    def ask(self, question: str, values: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """
        Return the rows of a question.

        Args:
            question: SQL over the dataset's tables, with ``$name`` for values.
            values: Bound, never part of the SQL.

        Raises:
            UsageError: DuckDB is not installed, or a file of the dataset is damaged.
        """
        duckdb = _duckdb()
        try:
            answer = self._connection.execute(question, dict(values or {}))
            names = [column[0] for column in answer.description]
            return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
        except duckdb.Error as error:
            raise damaged(self.folder, error) from error

    def warnings(self) -> tuple[str, ...]:
        """Say what a reader must know before any figure: unread documents, mixed versions."""
        row = self.ask(
            "SELECT count(*) AS n, count(*) FILTER (NOT assessed) AS unread, "
            "count(DISTINCT instrument) AS instruments FROM documents"
        )[0]
        words = []
        if row["unread"]:
            words.append(
                f"{row['unread']} of {row['n']} documents could not be read: no gap is claimed "
                "where they stand"
            )
        if row["instruments"] > 1:
            words.append(
                f"the documents were assessed by {row['instruments']} versions of gcm-align, its "
                "data or its libraries; differences may come from there (run `gcm-align batch`)"
            )
        return tuple(words)


def _create_view(connection: Any, folder: Path, table: str) -> None:
    """Let DuckDB open the files of a table itself: it keeps far less of each than Arrow does."""
    name = STORED if table == DOCUMENTS else table
    files = committed_files(folder, table)
    if not files:
        connection.register(name, arrow_dataset(folder, table))
        return
    # A view cannot hold bound values. Brackets and stars in a path are no pattern here.
    paths = ", ".join("'" + glob.escape(path).replace("'", "''") + "'" for path in files)
    connection.execute(
        f"CREATE VIEW {name} AS SELECT * FROM read_parquet([{paths}], "  # noqa: S608 (our own names)
        "hive_partitioning = true, hive_types = {'country': VARCHAR})"
    )


def _duckdb() -> Any:
    """Return DuckDB, or say how to install it."""
    try:
        import duckdb
    except ImportError as error:
        raise missing_extra("duckdb", "corpus") from error
    return duckdb


def open_corpus(folder: Path, framework: Framework) -> Corpus:
    """
    Open a dataset.

    Raises:
        UsageError: The folder is no dataset, of another schema version, was made with another
            set of actions, or holds no document; or DuckDB is not installed.
    """
    head = read_head(folder)
    held = head["framework"]
    if held["sha256"] != framework.sha256:
        raise UsageError(
            f"The dataset {folder} was made with another set of actions",
            value=f"{held['name']} (sha256 {held['sha256'][:12]})",
            expected=f"{framework.name} (sha256 {framework.sha256[:12]})",
            hint="Give its own with --framework.",
        )
    corpus = Corpus(folder=folder, framework=framework)
    if not corpus.ask("SELECT count(*) AS n FROM documents")[0]["n"]:
        raise UsageError(
            f"The dataset {folder} is empty",
            value="no document",
            expected="at least one",
            hint="Run `gcm-align batch SOURCE -o DATASET` to its end.",
        )
    return corpus


def known_action(framework: Framework, action: str) -> str:
    """
    Return an action's id.

    Raises:
        UsageError: There is no such action.
    """
    ids = [item.id for item in framework.actions]
    if action in ids:
        return action
    raise UsageError(
        "There is no such action",
        value=repr(action),
        expected=f"an id such as {ids[0]}",
        hint="`gcm-align actions WORDS` looks it up.",
    )


def check_statuses(statuses: Sequence[str]) -> tuple[str, ...]:
    """
    Return the states that count, as the dataset writes them.

    Raises:
        UsageError: One is unknown.
    """
    from gcm_align.batch.manifest import STATUSES

    for status in statuses:
        if status not in (*STATUSES, NOT_STATED):
            raise UsageError(
                "There is no such status",
                value=repr(status),
                expected=", ".join((*STATUSES, NOT_STATED)),
                hint="Leave --status out for what is in force or states nothing.",
            )
    return tuple("" if s == NOT_STATED else s for s in statuses) or IN_FORCE
