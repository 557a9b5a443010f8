"""Every figure of a report is the same in every form, counted again by hand from the JSON."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import docx
import openpyxl
import pandas as pd
import pypdfium2
import pytest
import report_factory as make
from rich.console import Console

from gcm_align.reporting.formats import render_all
from gcm_align.reporting.summary import summary_table
from gcm_align.types import Report

NAMES = ("a.pdf", "b.pdf")
ALL = "all actions"
COUNTS = (
    *("gap", "mentioned", "partial", "addressed", "operationalised"),
    *("needs_review", "not_counted", "tension", "contradiction", "n"),
)
MEASURES = {"breadth": 2, "depth": 3, "delivery": 4}
Scope = tuple[str, str]  # document, and an objective's number or "all actions"
Figures = dict[Scope, dict[str, float]]  # counts, and both ends of each share


@pytest.fixture(scope="module")
def report() -> Report:
    """Two documents, a third of the actions: in every objective some, and of every kind."""
    full = make.full_report(NAMES)
    return replace(full, assessments=full.assessments[::3])


@pytest.fixture(scope="module")
def files(report: Report) -> Mapping[str, bytes]:
    formats = ("html", "docx", "pdf", "json", "csv", "xlsx", "parquet")
    return render_all(report, make.framework(), formats)


@pytest.fixture(scope="module")
def wanted(files: Mapping[str, bytes]) -> Figures:
    """Every figure, counted with plain loops over the saved verdicts."""
    data = json.loads(files["report.json"])
    rare = {
        action.id
        for action in make.framework().actions
        if action.applicability and not action.applicability.counted
    }
    figures: Figures = {}
    for document in data["documents"]:
        for number in (ALL, *(o.number for o in make.framework().objectives)):
            own = [
                item
                for item in data["assessments"]
                if item["document_id"] == document["id"]
                and number in (ALL, make.framework().action(item["action"]).objective)
            ]
            figures[document["name"], number] = _counted(own, rare)
    return figures


def _counted(items: list[dict[str, Any]], rare: set[str]) -> dict[str, float]:
    found: dict[str, float] = dict.fromkeys(COUNTS, 0)
    reached = {name: [0, 0] for name in MEASURES}
    for item in items:
        level = item["level"]
        found["tension"] += item["contradiction"] == "C1"
        found["contradiction"] += item["contradiction"] == "C2"
        found["needs_review"] += level is None
        if item["action"] in rare and not level:
            found["not_counted"] += level == 0
            continue
        found["n"] += 1
        if level is not None:
            found[COUNTS[level]] += 1
        for name, floor in MEASURES.items():
            reached[name][0] += level is not None and level >= floor
            reached[name][1] += (item["suggested"] if level is None else level) >= floor
    for name, ends in reached.items():
        for bound, count in zip(("lower", "upper"), ends, strict=True):
            found[f"{name}_{bound}"] = count / (found["n"] or 1)  # nothing of nothing is 0
    return found


def _saved(figures: Figures) -> Figures:
    """Figures as files for programs hold them: four digits."""
    return {key: {k: round(v, 4) for k, v in row.items()} for key, row in figures.items()}


def _printed(figures: Figures) -> Figures:
    """Figures as people read them: shares as whole percentages."""
    return {
        key: {k: _percent(v) if k.endswith(("_lower", "_upper")) else v for k, v in row.items()}
        for key, row in figures.items()
    }


def _percent(share: float) -> int:
    return int(100 * share + 0.5)


def _ends(words: str) -> list[int]:
    """Both ends of a share as it is printed: 33 %, 33-67 %."""
    numbers = [int(number) for number in re.findall(r"\d+", words)]
    return [numbers[0], numbers[-1]]


def _from_cells(cells: list[str]) -> dict[str, float]:
    """Figures of a row of the narrative's table: ten counts, three shares."""
    found: dict[str, float] = dict(zip(COUNTS, map(int, cells[:10]), strict=True))
    for name, words in zip(MEASURES, cells[10:], strict=True):
        found[f"{name}_lower"], found[f"{name}_upper"] = _ends(words)
    return found


def _scope(name: str) -> str:
    return ALL if name.lower() == ALL else name.removeprefix("objective ").split()[0]


def _from_wide(frame: pd.DataFrame) -> Figures:
    """Figures of a table with a row a scope."""
    found: Figures = {}
    for row in frame.to_dict("records"):
        if row["scope"] == "headline":
            continue
        found[row["document"], _scope(row["scope"])] = {
            str(name): float(row[name]) for name in frame.columns[2:]
        }
    return found


def _from_long(frame: pd.DataFrame) -> Figures:
    wide = frame.pivot_table(index=["document", "scope"], columns="figure", values="value")
    return _from_wide(wide.reset_index())


def test_csv_and_parquet(files: Mapping[str, bytes], wanted: Figures) -> None:
    """The long tables hold every figure."""
    assert _from_long(pd.read_csv(io.BytesIO(files["figures.csv"]))) == _saved(wanted)
    assert _from_long(pd.read_parquet(io.BytesIO(files["figures.parquet"]))) == _saved(wanted)


def test_the_matrix_and_the_wide_table(files: Mapping[str, bytes], wanted: Figures) -> None:
    """Counted from the rows of the matrix, or from a document's column of levels."""
    for read, ending in ((pd.read_csv, "csv"), (pd.read_parquet, "parquet")):
        matrix = read(io.BytesIO(files[f"matrix.{ending}"]))
        levels = read(io.BytesIO(files[f"levels.{ending}"]))
        counted = matrix[matrix["counted"]]
        for (document, number), figures in wanted.items():
            rows = counted[counted["document"] == document]
            column = levels[levels["action"].isin(rows["action"])]
            if number != ALL:
                rows = rows[rows["objective"].astype(str) == number]
                column = column[column["objective"].astype(str) == number]
            for level in range(5):
                assert (rows["level"] == level).sum() == figures[COUNTS[level]]
                assert (column[document] == level).sum() == figures[COUNTS[level]]


def test_the_workbook(files: Mapping[str, bytes], wanted: Figures) -> None:
    """The sheet of key figures."""
    book = openpyxl.load_workbook(io.BytesIO(files["matrix.xlsx"]))
    rows = [row for row in book["Key figures"].values if row[0] in ("Document", *NAMES)]
    names = [str(cell).lower().replace(" ", "_") for cell in rows[0]]
    assert _from_wide(pd.DataFrame(rows[1:], columns=names)) == _saved(wanted)


class _Page(HTMLParser):
    """Reads the rows of the bars: a document's label, an objective, the shares, the bar."""

    def __init__(self) -> None:
        super().__init__()
        self.found: Figures = {}
        self.document = self.name = ""
        self.row: dict[str, float] = {}
        self.values: dict[str, list[float]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {key: value or "" for key, value in attrs}
        label = has.get("aria-label", "")
        if label.startswith("Levels by objective, "):
            self.document = label.removeprefix("Levels by objective, ")
        if not self.document:
            return
        if tag == "tr" and "data-objective" in has:
            number = has["data-objective"]
            self.row, self.values = {}, {}
            self.found[self.document, ALL if number == "all" else number] = self.row
        elif tag == "svg" and has.get("class") == "bar" and label:
            for count, state in re.findall(r"(\d+) ([a-z ]+)(?:,|$)", label.split(": ")[1]):
                self.row[state.strip().replace(" ", "_")] = int(count)
        elif tag == "td" and "data-name" in has:
            self.name = has["data-name"]
        elif tag == "data" and self.name in MEASURES:
            ends = self.values.setdefault(self.name, [])
            ends.append(float(has["value"]))
            self.row[f"{self.name}_lower"], self.row[f"{self.name}_upper"] = ends[0], ends[-1]

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self.document = ""

    def handle_data(self, data: str) -> None:
        if self.document and self.name == "n" and data.strip().isdecimal():
            self.row["n"] = int(data)
            self.name = ""


def test_html(files: Mapping[str, bytes], wanted: Figures) -> None:
    """The bars and the shares of each objective; a part that is not drawn counts nothing."""
    page = _Page()
    page.feed(files["report.html"].decode())
    drawn = [name for name in wanted["a.pdf", "1"] if name not in ("tension", "contradiction")]
    assert page.found.keys() == wanted.keys()
    for scope, figures in _saved(wanted).items():
        shown = {name: page.found[scope].get(name, 0) for name in drawn}
        assert shown == {name: figures[name] for name in drawn}, scope


def test_docx(files: Mapping[str, bytes], wanted: Figures) -> None:
    """The table of figures of each document, and the key figures."""
    document = docx.Document(io.BytesIO(files["report.docx"]))
    found: Figures = {}
    tables = [[_texts(row) for row in table._tbl.tr_lst] for table in document.tables]
    for name, rows in zip(NAMES, [t for t in tables if t[0][0] == "Objective"], strict=True):
        for row in rows[1:]:
            found[name, _scope(row[0])] = _from_cells(row[1:])
    assert found == _printed(wanted)
    key = next(t for t in tables if t[0][2:5] == ["Breadth", "Depth", "Delivery"])
    for row in (r for r in key if r[1] == "All actions"):
        figures = _printed(wanted)[row[0], ALL]
        assert _ends(row[2]) == [figures["breadth_lower"], figures["breadth_upper"]]
        shown = ("gap", "needs_review", "tension", "contradiction", "n")
        assert [int(cell) for cell in row[5:]] == [figures[name] for name in shown]


def _texts(row: Any) -> list[str]:
    return ["".join(t.text or "" for t in cell.iter(docx.oxml.ns.qn("w:t"))) for cell in row.tc_lst]


def test_pdf(files: Mapping[str, bytes], wanted: Figures) -> None:
    """The same tables, read back from the drawn lines of text."""
    rows = list(_pdf_rows(files["report.pdf"]))
    size = len(make.framework().objectives) + 1
    assert len(rows) == size * len(NAMES)
    found = {(NAMES[place // size], scope): figures for place, (scope, figures) in enumerate(rows)}
    assert found == _printed(wanted)


def _pdf_rows(data: bytes) -> Iterator[tuple[str, dict[str, float]]]:
    share = r" (\d+(?:–\d+)? %)"  # noqa: RUF001
    row = re.compile(rf"(\d+|All actions)(?: [^\d\s]\S*)*((?: \d+){{10}}){share}{share}{share}")
    pdf = pypdfium2.PdfDocument(data)
    for page in pdf:
        text = " ".join(page.get_textpage().get_text_range().split())  # labels run over lines
        for match in row.finditer(text):
            yield _scope(match[1]), _from_cells([*match[2].split(), *match.groups()[2:]])
    pdf.close()


def test_terminal(report: Report, wanted: Figures) -> None:
    """The one screen at the end of a run."""
    console = Console(width=200, file=io.StringIO(), record=True)
    for part in summary_table(report, make.framework()):
        console.print(part)
    text = console.export_text()
    for name in NAMES:
        cells = next(line for line in text.splitlines() if name in line).split("│")
        figures = wanted[name, ALL]
        found = sum(figures[level] for level in COUNTS[1:5])
        shown = [figures["gap"], found]
        shown += [figures[key] for key in ("needs_review", "tension", "contradiction", "n")]
        assert [int(cell) for cell in cells[5:11]] == shown
