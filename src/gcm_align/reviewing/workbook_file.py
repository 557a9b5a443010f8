"""The workbook that ``analyse`` wrote, read back as plain cells; hostile files are refused.

The one importer of openpyxl. Only cells are read: no formula is computed, no link followed.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from gcm_align.errors import ReviewError
from gcm_align.reporting.workbook import FORMAT, MATRIX_ORDER, heading

MAX_BYTES = 50_000_000  # the workbook of ten documents has 2 MB
MAX_UNPACKED_BYTES = 400_000_000
MAX_PARTS = 2_000
MAX_ROWS = 100_000  # 187 actions of 500 documents
MAX_COLUMNS = 200
PROLOGUE_BYTES = 65_536  # a document type stands before the first element
MATRIX, MANIFEST = "Matrix", "Manifest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell as text; a number without a useless fraction."""

    place: str  # "row 7, column S (Reviewer level)"
    text: str
    formula: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixFile:
    """What a workbook holds for the import: its manifest, and the rows of the matrix."""

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
            manifest, rows = _read(path, file)
    except ReviewError:
        raise
    # openpyxl raises whatever its parsers meet: KeyError, ValueError, a ParseError of XML.
    except Exception as error:
        raise _refused(path, f"{type(error).__name__}: {error}"[:200]) from error
    if manifest.get("workbook") != FORMAT:
        raise _refused(path, f"sheet {MANIFEST}: workbook is {manifest.get('workbook', 'missing')}")
    return MatrixFile(manifest=manifest, rows=rows)


def _read(path: Path, file: BinaryIO) -> tuple[dict[str, str], tuple[Mapping[str, Cell], ...]]:
    import openpyxl

    book = openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False)
    missing = [name for name in (MATRIX, MANIFEST) if name not in book.sheetnames]
    if missing:
        raise _refused(path, f"no sheet {missing[0]!r}")
    manifest = {
        _text(name.value): _text(value.value)
        for _, (name, value) in _filled(book[MANIFEST], columns=2)
    }
    return manifest, _matrix_rows(path, book[MATRIX])


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


def _matrix_rows(path: Path, sheet: Any) -> tuple[Mapping[str, Cell], ...]:
    grid = _filled(sheet, columns=MAX_COLUMNS)
    number, first = next(grid, (1, ()))
    heads = [_text(cell.value) for cell in first] if number == 1 else []
    wanted = {heading(name): name for name in MATRIX_ORDER}
    for head in wanted:
        if heads.count(head) != 1:
            raise _refused(path, f"sheet {MATRIX}, row 1: {heads.count(head)} columns {head!r}")
    places = {name: heads.index(head) for head, name in wanted.items()}
    return tuple(
        {name: _cell(row[place], number, place, heads[place]) for name, place in places.items()}
        for number, row in grid
    )


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
