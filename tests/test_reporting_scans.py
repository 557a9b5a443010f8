"""A scan in every report: how surely it was read, and what to install where it was not."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
import report_factory as make
from rich.console import Console

from gcm_align.reporting.canonical_json import read_report, to_json
from gcm_align.reporting.explanation import explanation
from gcm_align.reporting.html import to_html
from gcm_align.reporting.summary import summary_table
from gcm_align.types import Level, Quality, Report

SCHEMA = Path(__file__).parents[1] / "data" / "schema" / "report.schema.json"
SCANNED = Quality(
    pages=9, pages_read=7, pages_unread=(8, 9), method="text layer and OCR",
    pages_ocr=(3, 4, 5), ocr_confidence=0.8712,
)  # fmt: skip
MISSING = replace(
    SCANNED, pages_ocr=(), ocr_confidence=None, to_install="2 pages are pictures: install it."
)


def scanned(quality: Quality) -> Report:
    """Return a report of one verdict, on evidence from a scanned page."""
    verdict = make.assessment("13.h", Level.ADDRESSED)
    evidence = tuple(replace(e, page=4, confidence=0.8712) for e in verdict.evidence)
    return make.report((replace(verdict, evidence=evidence),), (make.summary(quality=quality),))


def screen(report: Report) -> str:
    console = Console(file=io.StringIO(), width=200)
    for item in summary_table(report, make.framework()):
        console.print(item)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_json_keeps_how_surely_a_scan_was_read(tmp_path: Path) -> None:
    """The report obeys its schema and is read again as it was written."""
    report, path = scanned(SCANNED), tmp_path / "report.json"
    path.write_text(to_json(report), encoding="utf-8")
    values = json.loads(path.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(values)
    again = read_report(path)
    assert again.documents == report.documents
    assert [e.confidence for e in again.assessments[0].evidence] == [0.8712]
    assert values["assessments"][0]["evidence"][0]["confidence"] == 0.8712
    assert values["documents"][0]["quality"]["pages_ocr"] == [3, 4, 5]


def test_the_page_tells_scans_and_marks_their_evidence() -> None:
    """Pages, mean confidence and the note at a passage stand in report.html."""
    page = to_html(scanned(SCANNED), make.framework())
    assert "read by OCR, confidence 0.87" in page
    assert "3 of 9 pages are scans, read by OCR with a mean confidence of 0.87." in page
    assert "<td>read by OCR</td><td>3-5</td>" in page


def test_a_born_digital_report_says_nothing_of_scans() -> None:
    """Where nothing was recognised, no word of OCR is printed."""
    report = make.report((make.assessment("13.h", Level.ADDRESSED),))
    for text in (to_html(report, make.framework()), screen(report)):
        assert "OCR" not in text


def test_the_screen_tells_scans_and_what_to_install() -> None:
    """The terminal names scanned pages with their confidence, or the install line."""
    assert "Read by OCR  policy.pdf, pages 3-5: mean confidence" in screen(scanned(SCANNED))
    assert "Not read  policy.pdf, pages 8-9: 2 pages are pictures: install it." in screen(
        scanned(MISSING)
    )


def test_the_page_says_what_to_install() -> None:
    """Pages that a missing program would have read are named in report.html with the line."""
    page = to_html(scanned(MISSING), make.framework())
    assert "<td>could be read</td><td>8-9</td><td>2 pages are pictures: install it.</td>" in page


@pytest.mark.parametrize(("confidence", "shown"), [(0.8712, True), (None, False)])
def test_explain_notes_the_confidence(confidence: float | None, shown: bool) -> None:
    """``explain`` marks evidence that comes from a scan, and no other."""
    report = scanned(SCANNED)
    (verdict,) = report.assessments
    evidence = tuple(replace(e, confidence=confidence) for e in verdict.evidence)
    report = replace(report, assessments=(replace(verdict, evidence=evidence),))
    said = explanation(report, make.framework(), "13.h")
    assert ("Read by OCR, confidence 0.87" in said) is shown
