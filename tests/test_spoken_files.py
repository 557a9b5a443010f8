"""Workbooks, narrative, figures and annotated PDFs can be translated as the page can."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pypdfium2
import pytest
import report_factory as make
from docx.oxml.ns import qn
from lxml import etree
from pseudo import CLOSE, OPEN, pseudo_folder
from test_marked_pdf import drawn, marks, report_on
from test_narrative import small_report
from test_review_import import some_report
from test_spoken_words import data_of, left_over, lone_words

from gcm_align.reporting import pictures
from gcm_align.reporting.compare_workbook import comparison_xlsx
from gcm_align.reporting.comparisons import compared
from gcm_align.reporting.docx_report import docx_of
from gcm_align.reporting.marked_pdf import to_marked_pdf
from gcm_align.reporting.narrative import tell
from gcm_align.reporting.pdf_report import pdf_of
from gcm_align.reporting.story import Picture
from gcm_align.reporting.workbook import to_xlsx
from gcm_align.reviewing import ReviewStore
from gcm_align.reviewing.importing import import_workbook
from gcm_align.translating import speaking
from gcm_align.types import Report

# Parts of file names, of versions and of the signs C1 and NR.
DATA = {"gcm", "align", "pdf", "policy", "law"}
# Columns whose cells quote records: reasons, manifests and digests are data.
RECORDS = {"Reason", "Value", "Name", "Evidence digest", "Row check", "Entry check", "Force words"}
RECORDS |= {"Before marked", "After marked"}  # quotes with signs in them
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pseudo_folder(tmp_path_factory.mktemp("locale"))


def unknown(text: str, *reports: Report) -> set[str]:
    """Return the words of ours that the made translation did not reach."""
    lone = set().union(*(lone_words(report) for report in reports))
    return left_over(text, data_of(*reports)) - lone - DATA


def cells(data: bytes) -> list[str]:
    """Return every text of a workbook: sheets, cells of words, lists and hints."""
    book: Any = openpyxl.load_workbook(io.BytesIO(data))
    found = [book.properties.title, *book.sheetnames]
    records = {f"{OPEN}{name}{CLOSE}" for name in RECORDS}
    for sheet in book:
        heads = {cell.column: cell.value for row in sheet.iter_rows() for cell in row
                 if cell.value and cell.fill.fgColor.rgb == "FF22343A"}  # fmt: skip
        for row in sheet.iter_rows():
            found += [
                cell.value
                for cell in row
                if isinstance(cell.value, str)
                and (cell.value in heads.values() or heads.get(cell.column) not in records)
            ]
        for rule in sheet.data_validations.dataValidation:
            found += [rule.promptTitle, rule.prompt, rule.errorTitle, rule.error]
    return [" ".join(text.split()) for text in found if text]


def test_the_workbook_speaks_the_language(folder: Path) -> None:
    """Sheets, headings, cells of ours, lists and hints are all messages."""
    report = make.full_report(("policy.pdf", "law.pdf"))
    with speaking("xx", folder):
        found = cells(to_xlsx(report, make.framework()))
    assert f"{OPEN}Matrix{CLOSE}" in found
    assert unknown("\n".join(found), report) == set()


@pytest.mark.parametrize("mode", ["drafts", "documents", "countries"])
def test_the_workbook_of_a_comparison_speaks_the_language(folder: Path, mode: str) -> None:
    """So are those of a comparison."""
    one, other = make.full_report(), make.full_report(seed=8)
    with speaking("xx", folder):
        found = cells(
            comparison_xlsx(compared({"A": one, "B": other}, make.framework(), mode=mode))
        )
    assert unknown("\n".join(found), one, other) == set()


def test_a_workbook_is_taken_in_the_language_it_was_written_in(
    folder: Path, tmp_path: Path
) -> None:
    """Headings and statuses of either language are read, whichever is spoken."""
    taken = []
    english = tmp_path / "english.xlsx"
    english.write_bytes(to_xlsx(some_report(), make.framework()))
    other = tmp_path / "other.xlsx"
    with speaking("xx", folder):
        other.write_bytes(to_xlsx(some_report(), make.framework()))
    for path, mark in ((english, "{}"), (other, f"{OPEN}{{}}{CLOSE}")):
        book = openpyxl.load_workbook(path)
        sheet = book[mark.format("Matrix")]
        heads = {cell.value: cell.column for cell in sheet[1]}
        rows = {cell.value: cell.row for cell in sheet["B"]}
        level, status = heads[mark.format("Reviewer level")], heads[mark.format("Status")]
        sheet.cell(rows["1.a"], level).value = 2
        sheet.cell(rows["6.h"], status).value = mark.format("reviewed")
        book.save(path)
        with speaking("xx", folder):
            store = ReviewStore(tmp_path / f"{path.stem}.sqlite")
            got = import_workbook(path, store, make.framework(), reviewer="amina").taken
        taken.append([(r.action_id, r.decision, r.level, r.reviewer) for r in got])
    assert taken[0] == taken[1]
    assert len(taken[0]) == 2


def test_the_narrative_speaks_the_language(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Word file and figures hold no word of ours that a catalogue cannot change."""
    monkeypatch.setitem(pictures.STYLE, "svg.fonttype", "none")  # so that the text can be read
    report = make.full_report(("policy.pdf", "law.pdf"))
    with speaking("xx", folder):
        story = tell(report, make.framework())
        file = docx_of(story)
    document: Any = docx.Document(io.BytesIO(file))
    section = document.sections[0]
    # The last table is the manifest.
    document.tables[-1]._tbl.getparent().remove(document.tables[-1]._tbl)
    parts = (document.element.body, section.header._element, section.footer._element)
    told = [
        "".join(str(t.text or "") for t in p.iter(qn("w:t")))
        for part in parts
        for p in part.iter(qn("w:p"))
    ]
    for part in story.parts:
        if isinstance(part, Picture):
            told += [part.caption, part.alt]
            drawn_text = etree.fromstring(part.svg).iter(f"{SVG}text")
            told += ["".join(map(str, element.itertext())) for element in drawn_text]
    assert story.language == "xx"
    assert unknown("\n".join(told), report) == set()


def test_the_pdf_speaks_the_language(folder: Path) -> None:
    """The template adds no word: contents, head and foot are the story's."""
    with speaking("xx", folder):
        story = tell(small_report(), make.framework())
        pdf: Any = pypdfium2.PdfDocument(pdf_of(story))
    pages = [page.get_textpage().get_text_bounded() for page in pdf]
    assert f"{OPEN}Contents{CLOSE}" in pages[1]
    assert f"{OPEN}Page 2 of {len(pages)}{CLOSE}" in pages[1]
    assert f"{OPEN}Key messages{CLOSE}" in pages[2]


def test_the_annotated_pdf_speaks_the_language(folder: Path) -> None:
    """Notes and the outline's first line are messages."""
    data = drawn()
    report = report_on(data)
    with speaking("xx", folder):
        made = to_marked_pdf(report, make.framework(), data, "policy.pdf")
    notes = [note for _, note in marks(made)]
    told = "\n".join(f"{note['Subj']}\n{note['Contents']}" for note in notes)
    assert len(notes) > 2
    assert unknown(told, report) == set()
    outline: Any = pypdfium2.PdfDocument(made).get_toc()
    titles = "\n".join(item.get_title() for item in outline)
    assert unknown(titles.replace("Its own chapter", ""), report) == set()
