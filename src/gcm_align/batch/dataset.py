"""The folder of a dataset: what is in it, and how a document enters and leaves it.

A document is in the dataset from the moment that its file in ``documents`` is there: that
file is written last and removed first, each file in one step. A run that is killed loses the
document in hand; what it left is swept by the next.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gcm_align.batch.schema import (
    DOCUMENTS,
    SCHEMA_VERSION,
    WRITTEN,
    arrow_schema,
    load_pyarrow,
    partition,
)
from gcm_align.errors import UsageError
from gcm_align.files import replace_file

KIND = "gcm-align dataset"
HEAD = "dataset.json"
LOCK = ".lock"
_FILES_AT_ONCE = 200
# Of a row of ``documents``, to plan a run and to sum it up; all columns would take twice as long.
_NEEDED = (
    *("document", "name", "country", "assessed", "error", "message"),
    *("instrument", "package"),
)


class Dataset:
    """A dataset that is written to by one run at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def claimed(self, framework: Mapping[str, str]) -> Iterator[None]:
        """
        Hold the dataset for this run alone; made where there is none, swept where there is.

        Args:
            framework: Key, name and sha256 of the set of actions.

        Raises:
            UsageError: The folder is no dataset, is of another schema or framework, cannot be
                written to, or another run holds it.
        """
        from filelock import FileLock, Timeout

        try:
            self._make(framework)
            lock = FileLock(self.folder / LOCK, timeout=0)
            lock.acquire()
        except Timeout as error:
            raise _unusable(
                self.folder, "another run is writing to it", "a dataset that no run holds"
            ) from error
        except OSError as error:
            raise _unusable(self.folder, error.strerror, "a folder to write to") from error
        try:
            self._sweep()
            yield
        finally:
            lock.release()

    def _make(self, framework: Mapping[str, str]) -> None:
        """Write the head of a new dataset, or compare that of an old one."""
        if (self.folder / HEAD).exists():
            held = read_head(self.folder)["framework"]
            if held["sha256"] != framework["sha256"]:
                expected = f"{held['name']} (sha256 {held['sha256'][:12]})"
                raise _unusable(self.folder, f"now {framework['name']}", expected)
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        if any(self.folder.iterdir()):
            raise _unusable(self.folder, "it holds other files", "a dataset or an empty folder")
        head = {"kind": KIND, "schema_version": SCHEMA_VERSION, "framework": dict(framework)}
        replace_file(self.folder / HEAD, (json.dumps(head, indent=1) + "\n").encode())

    def keys(self) -> dict[str, str]:
        """Return the key of each document with the name of its partition's folder."""
        return {
            path.stem: path.parent.name
            for path in self.folder.glob(f"{DOCUMENTS}/country=*/[!.]*.parquet")
        }

    def documents(self) -> list[dict[str, Any]]:
        """Return the rows of ``documents`` with their country, by name: what a run needs."""
        return read_documents(self.folder, columns=_NEEDED)

    def whole(self, key: str, country: str, *, assessed: bool) -> bool:
        """Say whether no file of a document was lost."""
        tables = WRITTEN if assessed else (DOCUMENTS,)
        return all(self._path(table, partition(country), key).exists() for table in tables)

    def commit(self, key: str, country: str, files: Mapping[str, bytes]) -> None:
        """
        Put a document into the dataset, replacing one of the same key.

        Raises:
            UsageError: The folder cannot be written to.
        """
        try:
            self.remove({key: partition(country)})
            for table in WRITTEN:
                if table in files:
                    path = self._path(table, partition(country), key)
                    path.parent.mkdir(parents=True, exist_ok=True)
                    replace_file(path, files[table])
        except OSError as error:
            raise _unusable(self.folder, error.strerror, "a folder to write to") from error

    def remove(self, keys: Mapping[str, str]) -> None:
        """Take documents out, their row first."""
        for key, folder in keys.items():
            for table in reversed(WRITTEN):
                self._path(table, folder, key).unlink(missing_ok=True)

    def _path(self, table: str, folder: str, key: str) -> Path:
        return self.folder / table / folder / f"{key}.parquet"

    def _sweep(self) -> None:
        """Remove what a killed run left: unfinished files, and files without their row."""
        kept = self.keys()
        for table in WRITTEN:
            for path in self.folder.glob(f"{table}/country=*/*.parquet*"):
                if path.name.startswith(".") or kept.get(path.stem) != path.parent.name:
                    path.unlink(missing_ok=True)


def read_head(folder: Path) -> dict[str, Any]:
    """
    Return what ``dataset.json`` says.

    Raises:
        UsageError: There is none, or it is of another kind or schema version.
    """
    try:
        head = json.loads((folder / HEAD).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _unusable(folder, f"no readable {HEAD}", "what `gcm-align batch` wrote") from error
    if not isinstance(head, dict) or head.get("kind") != KIND:
        raise _unusable(folder, f"{HEAD} is of another kind", "what `gcm-align batch` wrote")
    version = str(head.get("schema_version"))
    if version.split(".")[0] != SCHEMA_VERSION.split(".")[0]:
        expected = f"schema version {SCHEMA_VERSION.split('.')[0]}.x"
        raise _unusable(folder, f"schema version {version}", expected)
    return head


def committed_files(folder: Path, table: str) -> list[str]:
    """Return the files of a table of the documents that are in a dataset, by partition."""
    keys = sorted((part, key) for key, part in Dataset(folder).keys().items())
    paths = (folder / table / part / f"{key}.parquet" for part, key in keys)
    return [str(path) for path in paths if path.exists()]


def arrow_dataset(folder: Path, table: str) -> Any:
    """Return a table of the documents in a dataset for Arrow or pandas."""
    return _arrow(committed_files(folder, table), table)


def _arrow(files: Sequence[str], table: str) -> Any:
    pyarrow = load_pyarrow()
    import pyarrow.dataset as ds

    country = pyarrow.field("country", pyarrow.string())
    return ds.dataset(
        list(files),
        schema=arrow_schema(table).append(country),
        format="parquet",
        partitioning=ds.partitioning(pyarrow.schema([country]), flavor="hive"),
    )


def read_documents(folder: Path, columns: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """
    Return the rows of ``documents`` with their country, by name.

    Args:
        folder: Of the dataset.
        columns: The columns wanted; all where left out.

    Raises:
        UsageError: A file is damaged; the message names it.
    """
    rows: list[dict[str, Any]] = []
    files = committed_files(folder, DOCUMENTS)
    try:
        # Arrow keeps what it learns of each file, some 80 kB, as long as it holds the files.
        for start in range(0, len(files), _FILES_AT_ONCE):
            chunk = _arrow(files[start : start + _FILES_AT_ONCE], DOCUMENTS)
            rows += chunk.to_table(columns=columns and list(columns)).to_pylist()
    except (OSError, ValueError) as error:  # Arrow's own derive from these two
        raise damaged(folder, error) from error
    return sorted(rows, key=lambda row: (row["name"], row["document"]))


def damaged(folder: Path, error: Exception) -> UsageError:
    """Return the error for a file that no longer is what was written."""
    return UsageError(
        "A file of the dataset cannot be read",
        value=f"{folder} ({str(error).splitlines()[0]})",
        expected="whole Parquet files of this schema",
        hint="Remove the file that is named and run `gcm-align batch` again.",
    )


def _unusable(folder: Path, value: object, expected: str) -> UsageError:
    return UsageError(
        f"The dataset {folder} cannot be used",
        value=value,
        expected=expected,
        hint="Give another folder, or make the dataset again with `gcm-align batch`.",
    )
