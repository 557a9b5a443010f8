"""The whole data folder in one ZIP file, and back."""

from __future__ import annotations

import sqlite3
import tempfile
import zipfile
from contextlib import closing
from pathlib import Path

from gcm_align.errors import UsageError
from gcm_align.serving.database import Database

_DATABASES = ("app.sqlite", "reviews.sqlite")
_FOLDERS = ("files", "reports")


def write_backup(folder: Path, target: Path) -> int:
    """
    Write a backup and return how many files it holds; the server may be running.

    Raises:
        UsageError: There is nothing to keep, or the file cannot be written.
    """
    if not (folder / _DATABASES[0]).exists():
        raise UsageError(
            "There is nothing to keep", value=folder, expected="the data folder of a server",
            hint="Give it with --data.",
        )  # fmt: skip
    partial = target.with_name(f"{target.name}.partial")
    try:
        with (
            tempfile.TemporaryDirectory() as name,
            zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive,
        ):
            for database in _DATABASES:
                _copy(folder / database, Path(name, database))
                archive.write(Path(name, database), database)
            archive.write(folder / "key", "key")
            for part in _FOLDERS:
                for path in sorted((folder / part).rglob("*")):
                    if path.is_file() and not path.name.startswith("."):
                        archive.write(path, path.relative_to(folder).as_posix())
            count = len(archive.namelist())
        partial.replace(target)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise UsageError(
            "The backup cannot be written", value=f"{target} ({error.strerror})",
            expected="a file that can be written", hint="Give another path.",
        ) from error  # fmt: skip
    return count


def read_backup(source: Path, folder: Path) -> int:
    """
    Put a backup into a folder that is empty or not there; return how many files it held.

    Raises:
        UsageError: The folder is in use, or the file is no backup.
    """
    if folder.exists() and any(folder.iterdir()):
        raise UsageError(
            "The folder is not empty", value=folder, expected="a new folder",
            hint="Give another with --data; a backup never overwrites.",
        )  # fmt: skip
    try:
        with zipfile.ZipFile(source) as archive:
            names = archive.namelist()
            if not set(_DATABASES) <= set(names) or not all(map(_is_ours, names)):
                raise zipfile.BadZipFile("it holds other files")
            folder.mkdir(parents=True, exist_ok=True)
            archive.extractall(folder)
    except (OSError, zipfile.BadZipFile) as error:
        raise UsageError(
            "The backup cannot be read", value=f"{source} ({error})",
            expected="a file that `gcm-align server backup` wrote", hint="Check the path.",
        ) from error  # fmt: skip
    Database(folder / _DATABASES[0])
    return len(names)


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as found, closing(sqlite3.connect(target)) as copy:
        found.backup(copy)


def _is_ours(name: str) -> bool:
    parts = name.split("/")
    return name in {*_DATABASES, "key"} or (
        parts[0] in _FOLDERS and ".." not in parts and "\\" not in name and all(parts)
    )
