"""The workbook that ``analyse`` wrote, read back as plain cells; hostile files are refused.

The one importer of openpyxl. Only cells are read: no formula is computed, no link followed.
Sheets, headings and statuses may be in any language that there is a catalogue of; the rows
come back under the columns' names, with statuses in English.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from gcm_align.errors import ReviewError
from gcm_align.reporting.workbook import FORMAT, MATRIX_ORDER, STATUSES
from gcm_align.reporting.workbook_wording import heading, sheet_name
from gcm_align.translating import ENGLISH, languages, speaking
from gcm_align.translating import gettext as _

MAX_BYTES = 50_000_000  # the workbook of ten documents has 2 MB
MAX_UNPACKED_BYTES = 400_000_000
MAX_PARTS = 2_000
MAX_ROWS = 100_000  # 187 actions of 500 documents
MAX_COLUMNS = 200
PROLOGUE_BYTES = 65_536  # a document type stands before the first element


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell as text; a number without a useless fraction."""

    place: str  # "row 7, column S (Reviewer level)"
    text: str
    formula: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixFile:
    """What a workbook holds for the import: its manifest, and the rows of the matrix."""

    sheet: str  # the name of the matrix's sheet in this file
    manifest: Mapping[str, str]
    rows: tuple[Mapping[str, Cell], ...]  # by the names of MATRIX_ORDER


def read_matrix(path: Path) -> MatrixFile:
    """
    Read the matrix and the manifest of a workbook.

    Raises:
        ReviewError: The file is no workbook of gcm-align, is damaged or too large.
    """
    _check_package(path)
    try:
        # Opened here: openpyxl leaves a file open that it fails on.
        with path.open("rb") as file:
            found = _read(path, file)
    except ReviewError:
        raise
    # openpyxl raises whatever its parsers meet: KeyError, ValueError, a ParseError of XML.
    except Exception as error:
        raise _refused(path, f"{type(error).__name__}: {error}"[:200]) from error
    if found.manifest.get("workbook") != FORMAT:
        named = found.manifest.get("workbook", "missing")
        raise _refused(path, f"sheet {sheet_name('manifest')}: workbook is {named}")
    return found


def _read(path: Path, file: BinaryIO) -> MatrixFile:
    import openpyxl

    book = openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False)
    with _language_of(book):
        matrix, manifest = sheet_name("matrix"), sheet_name("manifest")
        missing = [name for name in (matrix, manifest) if name not in book.sheetnames]
        if missing:
            raise _refused(path, f"no sheet {missing[0]!r}")
        values = {
            _text(name.value): _text(value.value)
            for _number, (name, value) in _filled(book[manifest], columns=2)
        }
        rows = _matrix_rows(path, book[matrix], matrix)
    return MatrixFile(sheet=matrix, manifest=values, rows=rows)


def _language_of(book: Any) -> AbstractContextManager[None]:
    """Return the language whose headings the matrix has; English where none has more."""
    best, most = ENGLISH, -1
    # The language spoken comes first: its catalogue need not be an installed one.
    for code in ("", *languages()):
        with speaking(code) if code else nullcontext():
            known = _headings_known(book)
        if known > most:
            best, most = code, known
    return speaking(best) if best else nullcontext()


def _headings_known(book: Any) -> int:
    """Return how many headings of the matrix are those of the language spoken."""
    name = sheet_name("matrix")
    if name not in book.sheetnames or sheet_name("manifest") not in book.sheetnames:
        return -1
    _number, first = next(_filled(book[name], columns=MAX_COLUMNS), (1, ()))
    heads = {_text(cell.value) for cell in first}
    return len(heads & {heading(column) for column in MATRIX_ORDER})


def _check_package(path: Path) -> None:
    """Look at the parts before any is unpacked whole."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise _refused(path, f"{size:,} bytes; the limit is {MAX_BYTES:,}")
        with zipfile.ZipFile(path) as package:
            parts = package.infolist()
            unpacked = sum(part.file_size for part in parts)
            if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED_BYTES:
                raise _refused(
                    path,
                    f"{len(parts):,} parts, {unpacked:,} bytes unpacked; the limits are "
                    f"{MAX_PARTS:,} and {MAX_UNPACKED_BYTES:,}",
                )
            for part in parts:
                with package.open(part) as file:
                    start = file.read(PROLOGUE_BYTES)
                if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
                    raise _refused(path, f"{part.filename} declares a document type")
    except OSError as error:
        raise _refused(path, error.strerror or str(error)) from error
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        raise _refused(path, str(error)) from error


def _matrix_rows(path: Path, sheet: Any, name: str) -> tuple[Mapping[str, Cell], ...]:
    grid = _filled(sheet, columns=MAX_COLUMNS)
    number, first = next(grid, (1, ()))
    heads = [_text(cell.value) for cell in first] if number == 1 else []
    wanted = {heading(column): column for column in MATRIX_ORDER}
    for head in wanted:
        if heads.count(head) != 1:
            raise _refused(path, f"sheet {name}, row 1: {heads.count(head)} columns {head!r}")
    places = {column: heads.index(head) for head, column in wanted.items()}
    rows = (
        {name: _cell(row[place], number, place, heads[place]) for name, place in places.items()}
        for number, row in grid
    )
    return tuple(row | {"status": _status(row["status"])} for row in rows)


def _status(cell: Cell) -> Cell:
    """Return a status in English; what is none of the list stays, to be refused later."""
    said = {_(status).lower(): status for status in STATUSES}
    return replace(cell, text=said.get(cell.text.lower(), cell.text))


def _filled(sheet: Any, *, columns: int) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Yield the rows that hold anything with their numbers; the sheet's own size is not taken."""
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_row=MAX_ROWS + 1, max_col=columns)
    for number, row in enumerate(rows, start=1):
        if any(cell.value is not None for cell in row):
            yield number, row


def _cell(cell: Any, row: int, place: int, head: str) -> Cell:
    from openpyxl.utils import get_column_letter

    where = f"row {row}, column {get_column_letter(place + 1)} ({head})"
    return Cell(place=where, text=_text(cell.value), formula=cell.data_type == "f")


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _refused(path: Path, why: str) -> ReviewError:
    return ReviewError(
        "A workbook was not taken",
        value=f"{path} ({why})",
        expected="the matrix.xlsx that gcm-align analyse wrote, with its sheets and columns",
        hint="Fill in a workbook of this version; leave its sheets and headings as they are.",
    )
