"""Every format: the same figures, the same bytes, nothing that a program would run."""

from __future__ import annotations

import io
import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pandas as pd
import pytest
import report_factory as make

from gcm_align import types
from gcm_align.coverage import (
    EVIDENCE_COLUMNS,
    MATRIX_COLUMNS,
    figures,
    figures_frame,
    gaps_frame,
    matrix_frame,
    principles_frame,
)
from gcm_align.errors import ReportError, UsageError
from gcm_align.reporting import prepare_folder, read_report, to_json, write_report
from gcm_align.reporting.explanation import explanation
from gcm_align.reporting.formats import render_all
from gcm_align.reporting.summary import summary_table
from gcm_align.reporting.tables import csv_text, evidence_csv, gaps_csv, matrix_csv
from gcm_align.reporting.workbook import MAX_CELL, to_xlsx
from gcm_align.types import Level, Report

SCHEMA = Path(__file__).parents[1] / "data" / "schema" / "report.schema.json"
SHEETS = [
    *("Key figures", "Matrix", "Evidence", "Gaps", "Contradictions", "Principles"),
    *("Unread & skipped", "Manifest"),
]


@pytest.fixture(scope="module")
def report() -> Report:
    return make.full_report(("a.pdf", "b.pdf"))


@pytest.fixture(scope="module")
def book(report: Report) -> Any:
    return openpyxl.load_workbook(io.BytesIO(to_xlsx(report, make.framework())))


def sheet_frame(book: Any, name: str, skip: int = 0) -> pd.DataFrame:
    rows = list(book[name].values)[skip:]
    return pd.DataFrame(rows[1:], columns=[str(cell).lower().replace(" ", "_") for cell in rows[0]])


def saved(text: str, path: Path) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_json_gives_the_report_back(report: Report, tmp_path: Path) -> None:
    """Written and read, a report is the same report: same text, same figures."""
    again = read_report(saved(to_json(report), tmp_path / "report.json"))
    assert to_json(again) == to_json(report)
    assert figures(again, make.framework()) == figures(report, make.framework())
    assert matrix_csv(again, make.framework()) == matrix_csv(report, make.framework())


def test_json_is_canonical(report: Report) -> None:
    """Four digits, sorted mappings, letters as they are, one newline at the end."""
    french = make.assessment(
        "1.a", Level.ADDRESSED, reason="Délai prévu", delivery={"b": "2", "a": "1"}
    )
    text = to_json(make.report((french,)))
    data = json.loads(text)
    assert text.endswith("}\n")
    assert "Délai prévu" in text
    assert list(data["assessments"][0]["delivery"]) == ["a", "b"]
    assert data["assessments"][0]["probability"] == 0.9123
    assert data["assessments"][0]["evidence"][0]["parts"] == {"dense": 0.5123, "lexical": 7.5}


def test_json_obeys_its_schema(report: Report) -> None:
    """The published schema is valid, and a whole report passes it."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(json.loads(to_json(report)))


def test_the_schema_names_every_field_of_the_records() -> None:
    """A field that is added to a record and not to the schema is noticed here."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    for name, definition in (schema["$defs"] | {"Report": schema}).items():
        record = getattr(types, name)
        assert list(definition["properties"]) == [item.name for item in fields(record)], name


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"schema_version": "2.0"}, "schema_version"),
        ({"schema_version": None}, "schema_version"),
        ({"documents": {}}, "report.documents"),
        ({"assessments": [{"level": 7}]}, "report.assessments[0]"),
        ({"run": {"package": 3}}, "report.run.package"),
    ],
)
def test_a_broken_report_is_named_by_place(
    change: dict[str, object], place: str, report: Report, tmp_path: Path
) -> None:
    """The message says where the value stands, what it is, and what was expected."""
    data = json.loads(to_json(report)) | change
    with pytest.raises(ReportError) as caught:
        read_report(saved(json.dumps(data), tmp_path / "report.json"))
    assert place in str(caught.value)
    assert "Expected" in str(caught.value)


def test_a_level_out_of_range_is_refused(report: Report, tmp_path: Path) -> None:
    """Level 7, or true for 1, is no level."""
    for wrong in (7, True, "2"):
        data = json.loads(to_json(report))
        data["assessments"][0]["level"] = wrong
        with pytest.raises(ReportError, match=r"report\.assessments\[0\]\.level"):
            read_report(saved(json.dumps(data), tmp_path / "report.json"))


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[]", b"null"])
def test_what_is_no_report_is_refused(content: bytes, tmp_path: Path) -> None:
    """Empty, cut, wrongly encoded or foreign JSON: one clear error."""
    path = tmp_path / "report.json"
    path.write_bytes(content)
    with pytest.raises(ReportError):
        read_report(path)
    with pytest.raises(ReportError, match="cannot be opened"):
        read_report(tmp_path / "absent.json")


def test_unknown_fields_of_a_newer_minor_version_are_left_out(
    report: Report, tmp_path: Path
) -> None:
    """A report of version 1.9 with more in it can still be explained."""
    data = json.loads(to_json(report)) | {"schema_version": "1.9", "new": 1}
    data["documents"][0]["newer"] = True
    assert read_report(saved(json.dumps(data), tmp_path / "r.json")).schema_version == "1.9"


def test_two_renders_give_the_same_bytes(report: Report) -> None:
    """Every file is a function of the report alone."""
    assert render_all(report, make.framework()) == render_all(report, make.framework())


def test_pandas_reads_the_tables_back(report: Report) -> None:
    """Plain UTF-8 CSV: columns, rows and levels come back without any option."""
    matrix = pd.read_csv(io.StringIO(matrix_csv(report, make.framework())))
    assert tuple(matrix.columns) == MATRIX_COLUMNS
    assert len(matrix) == 2 * len(make.framework().actions)
    assert set(matrix["level"].dropna()) == {0, 1, 2, 3, 4}
    evidence = pd.read_csv(io.StringIO(evidence_csv(report)))
    assert tuple(evidence.columns) == EVIDENCE_COLUMNS
    gaps = pd.read_csv(io.StringIO(gaps_csv(report, make.framework())))
    assert list(gaps["action"]) == list(gaps_frame(report, make.framework())["action"])


def test_the_workbook_shows_the_figures_of_the_frames(report: Report, book: Any) -> None:
    """Key figures and matrix of the workbook equal those that every other format prints."""
    wanted = figures_frame(report, make.framework())
    shown = sheet_frame(book, "Key figures", skip=4).iloc[: len(wanted)]
    for column in wanted.columns:
        assert _plain(shown[column]) == _plain(wanted[column]), column
    matrix = sheet_frame(book, "Matrix")
    for column in ("action", "level", "quote", "page", "probability", "contradiction"):
        assert _plain(matrix[column]) == _plain(matrix_frame(report, make.framework())[column])


def _plain(column: pd.Series[Any]) -> list[object]:
    empty = column.isna() | (column == "").fillna(False)  # a missing text is an empty cell
    return [None if gone else value for value, gone in zip(column, empty, strict=True)]


def test_principles_are_the_same_in_every_format(report: Report, book: Any) -> None:
    """Present, absent and not told stay three things in the frame and on the sheet."""
    frame = principles_frame(report, make.framework())
    shown = sheet_frame(book, "Principles")
    assert len(frame) == len(shown) == 20
    assert list(frame["present"][:10]) == ["yes", *["no"] * 8, ""]
    assert list(shown["present"].fillna("")) == list(frame["present"])
    assert shown["quote"][0] == frame["quote"][0] == "The dignity of migrants guides this policy."
    assert shown["page"][0] == frame["page"][0] == 8


def test_the_workbook_is_ready_to_work_with(book: Any) -> None:
    """Eight sheets with frozen heads and filters; lists on the reviewer's columns."""
    assert book.sheetnames == SHEETS
    for sheet in book.worksheets:
        assert sheet.freeze_panes
        assert sheet.auto_filter.ref
    lists = [rule.formula1 for rule in book["Matrix"].data_validations.dataValidation]
    assert '"0,1,2,3,4,NR,NA"' in lists
    assert '"machine,reviewed,disputed"' in lists
    assert book.properties.created.year == 2018
    matrix = book["Matrix"]
    assert matrix.print_area == f"'Matrix'!$A$1:$M${matrix.max_row}"


def test_red_is_for_contradictions_alone(book: Any) -> None:
    """No tint of a level, a gap's least of all, is red; C2 is."""
    reds: list[str] = []
    for sheet in (book["Matrix"], book["Contradictions"]):
        for ranged in sheet.conditional_formatting:
            for rule in ranged.rules:
                colour = rule.dxf.fill.bgColor.rgb if rule.dxf.fill else None
                if isinstance(colour, str) and colour.endswith("B3261E"):
                    reds.append(rule.formula[0])
    assert reds == ['"C2"', '"C2"']


HOSTILE = ("=cmd|' /C calc'!A1", "+1+1", "-Train officers", "@SUM(A1)", "\t=1", "＝1+1")  # noqa: RUF001


@pytest.mark.parametrize("words", HOSTILE)
def test_no_cell_is_a_formula(words: str) -> None:
    """Words that a spreadsheet would compute stay words, and white space aside the same."""
    clause = make.evidence(Level.ADDRESSED, quote=words, section=(words,), context=words)
    verdict = make.assessment("1.a", Level.ADDRESSED, evidence=(clause,), reason=words)
    made = make.report((verdict,), (make.summary(name=words),))
    for text in (matrix_csv(made, make.framework()), evidence_csv(made)):
        frame = pd.read_csv(io.StringIO(text))
        cells = [cell for cell in frame.iloc[0] if isinstance(cell, str)]
        assert not [cell for cell in cells if cell[0] in "=+-@\t＝"]  # noqa: RUF001
        assert frame["quote"].iloc[0].split() == words.split()
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(made, make.framework())))
    for sheet in book.worksheets:
        assert not [c for row in sheet.iter_rows() for c in row if c.data_type == "f"]


def test_numbers_are_not_touched_by_the_guard_against_formulas() -> None:
    """A negative number is a number, not a formula."""
    assert csv_text(pd.DataFrame({"score": [-0.5], "quote": ["-x"]})) == "score,quote\n-0.5, -x\n"


def test_a_text_too_long_for_a_cell_is_cut_and_says_so() -> None:
    """XlsxWriter would drop it without a word."""
    verdict = make.assessment("1.a", Level.ADDRESSED, reason="x" * (MAX_CELL + 1))
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(make.report((verdict,)), make.framework())))
    cell = sheet_frame(book, "Matrix")["reason"].iloc[0]
    assert len(cell) == MAX_CELL
    assert cell.endswith("[cut]")


def test_write_report_writes_its_files(report: Report, tmp_path: Path) -> None:
    """Nine files, no leftovers, and a second run replaces them with the same bytes."""
    out = tmp_path / "a" / "b"
    paths = write_report(report, make.framework(), out)
    first = {path.name: path.read_bytes() for path in paths}
    assert sorted(first) == sorted(path.name for path in out.iterdir())
    assert sorted(first) == [
        *("evidence.csv", "figures.csv", "gaps.csv", "levels.csv", "matrix.csv", "matrix.xlsx"),
        *("principles.csv", "report.html", "report.json"),
    ]
    write_report(report, make.framework(), out)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == first


def test_half_a_surrogate_pair_does_not_stop_a_report(tmp_path: Path) -> None:
    """A broken font map can give text that UTF-8 cannot hold; the report is still written."""
    clause = make.evidence(Level.ADDRESSED, quote="broken \ud800 text \x00 here", force_words=())
    verdict = make.assessment("1.a", Level.ADDRESSED, evidence=(clause,))
    for path in write_report(make.report((verdict,)), make.framework(), tmp_path):
        assert path.stat().st_size


def test_a_folder_that_cannot_be_made_is_a_usage_error(tmp_path: Path) -> None:
    """The path of a file, given as folder, is named before any long work."""
    with pytest.raises(UsageError, match="cannot be written"):
        prepare_folder(saved("", tmp_path / "file"))


def test_explain_tells_a_verdict_with_its_words() -> None:
    """Level, reason, quote with page and section, force words, elements, parts of the score."""
    made = make.report((make.assessment("6.c", Level.PARTIAL), make.contradicted("13.h")))
    text = explanation(made, make.framework(), "6.c")
    for words in (
        "2 partial",
        "p. 31 (printed 19)",
        "5.2 Recruitment",
        "should endeavour",
        "dense",
    ):
        assert words in text
    # Runner-up actions, and the rule that tells a neighbour from this one.
    flat = " ".join(text.split())
    assert "6.g " in text
    assert "What decides (Fair recruitment): 6.c = regulation of agencies" in flat
    assert "Campaigns" not in flat  # 3.e is no neighbour of 6.c
    against = explanation(made, make.framework(), "13.h")
    assert "C2" in against
    assert "No clause in the document" in against
    with pytest.raises(ReportError, match="no verdict"):
        explanation(made, make.framework(), "2.a")


def test_the_summary_prints_the_figures_and_the_contradictions(report: Report) -> None:
    """The terminal shows the same headline; words of a document are never markup."""
    from rich.console import Console

    counter = make.evidence(Level.GAP, quote="[bold]held[/bold]")
    verdict = make.assessment("13.h", Level.GAP, counter_evidence=(counter,))
    flagged = make.report((*report.assessments, verdict), report.documents)
    console = Console(width=120, file=io.StringIO(), record=True)
    for item in summary_table(flagged, make.framework()):
        console.print(item)
    text = console.export_text()
    headline = figures(flagged, make.framework()).documents[0].headline
    assert headline is not None
    assert f"{int(100 * headline['depth'].lower + 0.5)}" in text
    assert "provisional" in text
    assert "C2" in text
