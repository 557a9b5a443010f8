"""A manifest: a CSV that names documents with their country, title, date and status."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath, PureWindowsPath

from gcm_align.batch.rows import Failure
from gcm_align.batch.sources import Fault, Item, Source
from gcm_align.errors import UsageError

COLUMNS = ("path", "country", "title", "date", "status")
STATUSES = ("in force", "draft", "repealed")
BAD_ROW = "ManifestRow"
_MAX_CHARS = 200  # of a country: it becomes the name of a folder
_HINT = "Save the table as CSV in UTF-8 with a header row of path, country, title, date, status."


def read_manifest(path: Path) -> Source:
    """
    Read a manifest; paths in it are relative to its folder.

    Semicolons serve as well as commas, as spreadsheets of many countries write them. Columns
    of other names are left out with a warning, a bad row is a fault with its line and column.

    Raises:
        UsageError: It cannot be read, or has no column ``path``.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise _unusable(path, getattr(error, "strerror", None) or error) from error
    head = text.split("\n", 1)[0]
    delimiter = ";" if head.count(";") > head.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise _unusable(path, f"line {reader.line_num}: {error}") from error
    header = [name.strip().lower() for name in rows[0][1]] if rows else []
    if "path" not in header:
        raise _unusable(path, f"its columns are {', '.join(header) or 'none'}")
    ignored = [name for name in header if name not in COLUMNS]
    warnings = [f"{path.name}: left out: column {name or '(no name)'}" for name in ignored]
    items: list[Item] = []
    faults: list[Fault] = []
    for line, row in rows[1:]:
        if not any(cell.strip() for cell in row):
            continue
        found = _item(path, line, header, row)
        if isinstance(found, Item):
            items.append(found)
        else:
            faults.append(found)
    return Source(items=tuple(items), faults=tuple(faults), warnings=tuple(warnings))


def _item(manifest: Path, line: int, header: list[str], row: list[str]) -> Item | Fault:
    cells = {name: cell.strip() for name, cell in zip(header, row, strict=False)}
    problems = list(_problems(cells, extra=len(row) - len(header)))
    if problems:
        message = "; ".join(f"column {name}: {words}" for name, words in problems)
        where = f"{manifest.name}:{line}"
        hint = "Correct the row and run the batch again."
        return Fault(name=where, failure=Failure(error=BAD_ROW, message=f"{message}. {hint}"))
    given = cells["path"]
    # A manifest that was written on Windows serves elsewhere too.
    plain = PureWindowsPath(given).as_posix() if "\\" in given else given
    return Item(
        path=manifest.parent / plain,
        name=str(PurePosixPath(plain)),
        country=cells.get("country", ""),
        title=cells.get("title", ""),
        date=cells.get("date", ""),
        status=cells.get("status", "").lower(),
    )


def _problems(cells: dict[str, str], *, extra: int) -> Iterator[tuple[str, str]]:
    """Give (column, what is wrong) of each bad cell."""
    if extra > 0:
        yield "path", f"the row has {extra} cells more than the header (a comma without quotes?)"
    if not cells.get("path"):
        yield "path", "is empty; expected a path from the manifest's folder"
    country = cells.get("country", "")
    if len(country) > _MAX_CHARS or not country.isprintable():
        yield "country", f"{country[:20]!r} is no name or code of a country"
    if (date := cells.get("date", "")) and not _is_date(date):
        yield "date", f"{date!r}; expected YYYY, YYYY-MM or YYYY-MM-DD"
    if (status := cells.get("status", "")) and status.lower() not in STATUSES:
        yield "status", f"{status!r}; expected {', '.join(STATUSES)}, or nothing"


def _is_date(text: str) -> bool:
    if not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", text, re.ASCII):
        return False
    try:
        dt.date.fromisoformat((text + "-01-01")[:10])
    except ValueError:
        return False
    return True


def _unusable(path: Path, why: object) -> UsageError:
    return UsageError(
        "The manifest cannot be used",
        value=f"{path} ({why})",
        expected="a CSV in UTF-8 with a column 'path'",
        hint=_HINT,
    )
