"""The workbook comes back: what an analyst filled in is taken, all of it or nothing."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import report_factory as make

from gcm_align.errors import ReviewError
from gcm_align.reporting.workbook import to_xlsx
from gcm_align.reviewing import Decision, DocumentKey, ReviewStore, workbook_file
from gcm_align.reviewing.applying import apply_reviews
from gcm_align.reviewing.importing import Imported, import_workbook
from gcm_align.types import Level, Report

ROWS = {"1.a": 2, "6.h": 3, "7.f": 4, "13.h": 5}  # the rows of the matrix, by action
FILLED = {
    ("1.a", "Reviewer level"): 2,
    ("6.h", "Status"): "reviewed",
    ("13.h", "Reviewer level"): "NA",
    ("13.h", "Review reason"): "No detention in this system.",
    ("7.f", "Note"): "=ask the ministry",
    ("7.f", "Reviewer"): "chen",
}


def some_report() -> Report:
    levels = (Level.GAP, Level.ADDRESSED, None, Level.PARTIAL)
    pairs = dict(zip(ROWS, levels, strict=True))
    return make.report(tuple(make.assessment(a, level) for a, level in pairs.items()))


@pytest.fixture
def store(tmp_path: Path) -> ReviewStore:
    return ReviewStore(tmp_path / "reviews.sqlite")


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "matrix.xlsx"
    path.write_bytes(to_xlsx(some_report(), make.framework()))
    return path


def fill(path: Path, cells: dict[tuple[str, str], object]) -> Path:
    """Edit and save a workbook as a spreadsheet program does."""
    book = openpyxl.load_workbook(path)
    sheet = book["Matrix"]
    heads = {cell.value: cell.column for cell in sheet[1]}
    rows = {cell.value: cell.row for cell in sheet.cell(1, heads["Action"]).parent["B"]}
    for (action, head), value in cells.items():
        cell = sheet.cell(rows[action], heads[head])
        cell.value = value
        if head == "Note":
            cell.data_type = "s"  # typed with an apostrophe in front: text, not a formula
    book.save(path)
    return path


def take(path: Path, store: ReviewStore, reviewer: str = "amina") -> Imported:
    return import_workbook(path, store, make.framework(), reviewer=reviewer)


def refused(path: Path, store: ReviewStore) -> str:
    with pytest.raises(ReviewError) as caught:
        take(path, store)
    assert store.history() == ()
    return str(caught.value)


def test_what_was_filled_in_comes_back(workbook: Path, store: ReviewStore) -> None:
    """Levels, acceptance, not applicable with its reason, notes; and once only."""
    found = take(fill(workbook, FILLED), store)
    told = {r.action_id: (r.decision, r.level, r.reviewer) for r in found.taken}
    assert told == {
        "1.a": (Decision.CHANGE, Level.PARTIAL, "amina"),
        "6.h": (Decision.ACCEPT, Level.ADDRESSED, "amina"),
        "7.f": (Decision.NOTE, None, "chen"),
        "13.h": (Decision.NOT_APPLICABLE, None, "amina"),
    }
    document = found.taken[0].document
    assert document == DocumentKey.of(make.summary())
    again = take(workbook, store)
    assert (len(again.taken), again.unchanged) == (0, 4)
    assert len(store.history()) == 4


def test_a_reviewed_workbook_goes_round(workbook: Path, store: ReviewStore, tmp_path: Path) -> None:
    """Written with reviews, saved untouched: nothing new. A cell changed: that one alone."""
    take(fill(workbook, FILLED), store)
    report = apply_reviews(some_report(), store)
    second = tmp_path / "second.xlsx"
    second.write_bytes(to_xlsx(report, make.framework()))
    assert take(fill(second, {}), store, "boris").taken == ()
    changed = take(fill(second, {("1.a", "Reviewer level"): 3}), store, "boris").taken
    assert [(r.action_id, r.level, r.reviewer) for r in changed] == [("1.a", 3, "boris")]
    assert changed[0].machine_level == Level.GAP  # the machine's, not the earlier reviewer's
    assert take(second, store, "boris").taken == ()


def test_the_same_workbook_of_another_reviewer_is_another_coding(
    workbook: Path, store: ReviewStore
) -> None:
    """Equal levels of two people are two reviews, so that agreement can be told."""
    take(fill(workbook, {("6.h", "Reviewer level"): "3"}), store, "amina")
    assert len(take(workbook, store, "boris").taken) == 1


@pytest.mark.parametrize(
    ("cells", "place", "why"),
    [
        ({("6.h", "Reviewer level"): 7}, "(Reviewer level)", "no level"),
        ({("6.h", "Reviewer level"): "NA"}, "(Review reason)", "written reason"),
        ({("6.h", "Reviewer level"): "=1+1"}, "(Reviewer level)", "formula"),
        ({("6.h", "Action"): "99.z"}, "(Action)", "no action"),
        ({("6.h", "Action"): "6.g"}, "(Action)", "altered"),
        ({("6.h", "Document"): "other.pdf"}, "(Document)", "no document"),
        ({("6.h", "Machine level"): 0}, "(Action)", "altered"),
        ({("6.h", "Status"): "approved"}, "(Status)", "no status"),
        ({("6.h", "Status"): "disputed", ("6.h", "Reviewer level"): 1}, "(Status)", "disputed"),
        ({("7.f", "Status"): "reviewed"}, "(Reviewer level)", "no level"),
        ({("6.h", "Review reason"): "x" * 2001}, "(Reviewer level)", "characters"),
    ],
)
def test_what_cannot_be_taken_is_named_and_nothing_is_kept(
    cells: dict[tuple[str, str], object],
    place: str,
    why: str,
    workbook: Path,
    store: ReviewStore,
) -> None:
    """Sheet, row and column stand in the message, and the good rows are not kept either."""
    message = refused(fill(workbook, {("1.a", "Reviewer level"): 2} | cells), store)
    row = ROWS[next(iter(cells))[0]]
    assert "sheet Matrix" in message
    assert f"row {row}, column" in message
    assert place in message
    assert why in message


def without_sheet(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    del book["Manifest"]
    book.save(path)


def without_column(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    book["Matrix"].delete_cols(2)
    book.save(path)


def twice(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book["Matrix"]
    sheet.append([cell.value for cell in sheet[2]])
    book.save(path)


def edited(old: bytes, new: bytes) -> Callable[[Path], None]:
    def edit(path: Path) -> None:
        parts = {}
        with zipfile.ZipFile(path) as package:
            parts = {name: package.read(name) for name in package.namelist()}
        assert any(old in content for content in parts.values())
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
            for name, content in parts.items():
                package.writestr(name, content.replace(old, new, 1))

    return edit


def bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/worksheets/sheet99.xml", b" " * 21_000_000)


@pytest.mark.parametrize(
    ("harm", "why"),
    [
        (without_sheet, "no sheet 'Manifest'"),
        (without_column, "0 columns 'Action'"),
        (twice, "two rows"),
        (bomb, "unpacked"),
        (lambda path: path.write_bytes(path.read_bytes()[:900]), "zip"),
        (lambda path: path.write_bytes(b"a,b\n"), "zip"),
        (lambda path: path.unlink(), "No such file"),
        (edited(b"gcm-align matrix 1", b"another format  00"), "workbook is"),
        (edited(b"<worksheet", b"<!DOCTYPE x [<!ENTITY a 'b'>]><worksheet"), "document type"),
        (edited(b"<sheetData", b"<broken"), "Error"),
    ],
)  # fmt: skip
def test_a_hostile_workbook_is_refused(
    harm: Callable[[Path], Any],
    why: str,
    workbook: Path,
    store: ReviewStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A clear error each time; a bomb is not unpacked."""
    monkeypatch.setattr(workbook_file, "MAX_UNPACKED_BYTES", 20_000_000)
    harm(workbook)
    assert why in refused(workbook, store)


def test_a_sheet_that_claims_to_be_huge_is_read(workbook: Path, store: ReviewStore) -> None:
    """The size that a sheet claims is not believed."""
    fill(workbook, FILLED)
    book = openpyxl.load_workbook(workbook)
    book["Matrix"].row_dimensions[1_048_576].height = 20
    book.save(workbook)
    with zipfile.ZipFile(io.BytesIO(workbook.read_bytes())) as package:
        name = "xl/worksheets/sheet2.xml"
        text = package.read(name).decode()
        start = text.index("<dimension ref=")
        end = text.index("/>", start)
    edited(text[start:end].encode(), b'<dimension ref="A1:XFD1048576"')(workbook)
    assert len(take(workbook, store).taken) == 4
