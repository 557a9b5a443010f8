"""The files and the screen of a comparison: the same figures, inert cells, the same bytes."""

from __future__ import annotations

import html
import io
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
import report_factory as make
from rich.console import Console
from test_narrative import small_report
from typer.testing import CliRunner

from gcm_align.cli import app
from gcm_align.comparing.changes import DraftComparison
from gcm_align.comparing.documents import DocumentComparison
from gcm_align.errors import UsageError
from gcm_align.reporting import to_json
from gcm_align.reporting.compare_tables import counts_frame
from gcm_align.reporting.compare_text import comparison_summary
from gcm_align.reporting.comparisons import Comparison, compared, render_comparison
from gcm_align.types import Level, Quality, Report

HOSTILE = "=cmd|' /C calc'!A1 <script>alert(1)</script>"
FORMATS = ("comparison.csv", "comparison.html", "comparison.xlsx")


class Page(HTMLParser):
    """Tags with their attributes, and tags that are not closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.unbalanced: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the tag and open it."""
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag that closes itself."""
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Close the tag; note one that was not open."""
        if not self.open or self.open.pop() != tag:
            self.unbalanced.append(tag)


def pair() -> dict[str, Report]:
    """Return two plausible reports on one document, whole, that differ in many verdicts."""
    found = {}
    for name, seed in (("old", 7), ("new", 8)):
        report = make.full_report((f"{name}.pdf",), seed=seed)
        whole = replace(report.documents[0], quality=Quality(pages=57, pages_read=57))
        found[name] = replace(report, documents=(whole,))
    return found


@pytest.fixture(scope="module", params=["drafts", "documents", "countries"])
def comparison(request: pytest.FixtureRequest) -> Comparison:
    return compared(pair(), make.framework(), mode=request.param)


@pytest.fixture(scope="module")
def files(comparison: Comparison) -> dict[str, bytes]:
    return render_comparison(comparison)


def counts(comparison: Comparison) -> dict[tuple[str, str], int]:
    """Return the key figures by name and country; without countries the second part is empty."""
    frame = counts_frame(comparison.result)
    if "country" not in frame:
        frame = frame.assign(country="")
    keys = zip(frame["figure"].tolist(), frame["country"].tolist(), strict=True)
    return dict(zip(keys, frame["actions"].tolist(), strict=True))


def in_rows(table: pd.DataFrame, mode: str) -> dict[tuple[str, str], int]:
    """Count the rows of a table anew, as its reader would."""
    if mode == "drafts":
        once = table.drop_duplicates(["change", "action"])
        return {(str(k), ""): int(n) for k, n in once["change"].value_counts().items()}
    found: dict[tuple[str, str], int] = {}
    for row in table.to_dict("records"):
        country = str(row.get("country", ""))
        for name in (row["level_name"], row["coherence"]):
            if name:
                found[str(name), country] = found.get((str(name), country), 0) + 1
    return found


def screen(comparison: Comparison) -> str:
    console = Console(file=io.StringIO(), width=200)
    for renderable in comparison_summary(comparison):
        console.print(renderable)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def cells(content: bytes, sheet: str) -> list[list[Any]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [[cell.value for cell in row] for row in book[sheet].iter_rows()]


def test_every_figure_is_equal_in_every_format(
    comparison: Comparison, files: dict[str, bytes]
) -> None:
    """Rows of CSV and XLSX, key figures of XLSX, page and screen give the same counts."""
    wanted = counts(comparison)
    several = comparison.mode == "countries"
    assert sum(1 for count in wanted.values() if count) >= 6
    counted = {key: n for key, n in wanted.items() if n and key[0] != "unchanged"}
    table = pd.read_csv(io.BytesIO(files["comparison.csv"]), keep_default_na=False)
    assert in_rows(table, comparison.mode) == counted
    head, *rows = cells(files["comparison.xlsx"], "Comparison")
    names = [str(name).lower().replace(" ", "_") for name in head]
    sheet = pd.DataFrame([[c or "" for c in row] for row in rows], columns=names)
    assert in_rows(sheet, comparison.mode) == counted
    figures = cells(files["comparison.xlsx"], "Key figures")[5:]
    shown = {(row[0], row[1] if several else ""): row[-1] for row in figures}
    assert shown == wanted
    page = Page(files["comparison.html"].decode())
    data = [a for tag, a in page.tags if tag == "data"]
    shown = {(a["data-figure"], a.get("data-country") or ""): int(a["value"] or 0) for a in data}
    assert shown == wanted
    assert screen_counts(comparison) == wanted
    articles = [a["data-action"] for _, a in page.tags if "data-action" in a]
    assert len(articles) == len(table) / (2 if several else 1)


def screen_counts(comparison: Comparison) -> dict[tuple[str, str], int]:
    """Read the figures back from the table on the screen."""
    labels = list(comparison.reports) if comparison.mode == "countries" else [""]
    found = {}
    for line in screen(comparison).splitlines():
        name, *values = [part.strip() for part in line.strip("│ ").split("│")]
        if line.startswith("│") and values:
            for label, value in zip(labels, values, strict=True):
                found[name, label] = int(value)
    return found


def test_both_quotes_stand_in_every_file(comparison: Comparison, files: dict[str, bytes]) -> None:
    """Table and page hold the words that the comparison shows."""
    if not isinstance(comparison.result, DraftComparison):
        check_best_clauses(comparison, files)
        return
    page = files["comparison.html"].decode()
    table = pd.read_csv(io.BytesIO(files["comparison.csv"]), keep_default_na=False)
    for change, row in zip(comparison.result.changes, table.to_dict("records"), strict=True):
        for name, side in (("before", change.before), ("after", change.after)):
            assert row[f"{name}_quote"] == " ".join(text for text, _ in side.pieces)
            assert all(str(text).replace("'", "&#39;") in page for text, _ in side.pieces)


def check_best_clauses(comparison: Comparison, files: dict[str, bytes]) -> None:
    """Check that each best clause stands in the table and on the page, with its document."""
    page = html.unescape(files["comparison.html"].decode())
    table = pd.read_csv(io.BytesIO(files["comparison.csv"]), keep_default_na=False)
    carried = table[table["document"] != ""]
    assert len(carried) > 50
    assert all(quote in page for quote in carried["quote"])
    assert all(str(page_number).isdigit() for page_number in carried["page"])
    labels = {source.label for party in comparison.parties for source in party.sources}
    assert set(carried["document"]) == labels


def test_the_same_reports_give_the_same_bytes(
    comparison: Comparison, files: dict[str, bytes]
) -> None:
    """A second comparison is the first, byte for byte."""
    assert render_comparison(compared(pair(), make.framework(), mode=comparison.mode)) == files


def test_incoherence_has_a_sheet_and_a_section_of_its_own() -> None:
    """Every pair of documents that disagree stands with both quotes."""
    found = compared({"country": make.full_report(("a.pdf", "b.pdf"))}, make.framework())
    assert isinstance(found.result, DocumentComparison)
    conflicts = [item for row in found.result.rows for item in row.conflicts]
    assert conflicts
    made = render_comparison(found)
    _, *rows = cells(made["comparison.xlsx"], "Incoherence")
    assert len(rows) == len(conflicts)
    page = html.unescape(made["comparison.html"].decode())
    for item in conflicts:
        assert item.counter is not None
        assert item.counter.quote in page
    # A file that could not be read is named wherever the texts are said to be silent.
    assert "annex.pdf" in page
    assert "annex.pdf" in screen(found)
    assert any("annex.pdf" in row[1] for row in cells(made["comparison.xlsx"], "Method"))


def test_countries_stand_in_the_order_given_and_are_not_ranked() -> None:
    """Turned around, the columns turn around, and nothing else is sorted; the page says so."""
    reports = pair()
    turned = dict(reversed(reports.items()))
    for given in (reports, turned):
        found = compared(given, make.framework(), mode="countries")
        made = render_comparison(found)
        table = pd.read_csv(io.BytesIO(made["comparison.csv"]), keep_default_na=False)
        assert table["country"].tolist()[:2] == list(given)
        actions = [action.id for action in make.framework().actions]
        assert table["action"].tolist()[::2] == actions
        assert "not ranked" in made["comparison.html"].decode()
        assert "not ranked" in screen(found)


def test_the_page_is_whole_and_loads_nothing(files: dict[str, bytes]) -> None:
    """Well-formed, links that lead somewhere, no script, nothing from outside."""
    page = Page(files["comparison.html"].decode())
    assert page.unbalanced == []
    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "link", "img", "iframe", "object", "embed", "base"}
    ids = [a["id"] for _, a in page.tags if "id" in a]
    assert len(ids) == len(set(ids))
    links = [a["href"] or "" for _, a in page.tags if "href" in a]
    assert links
    assert all(link.startswith("#") and link[1:] in ids for link in links)
    assert "default-src 'none'" in files["comparison.html"].decode()


@pytest.mark.parametrize("mode", ["drafts", "documents", "countries"])
def test_hostile_words_stay_words(mode: str) -> None:
    """A quote or a name is never a formula, a link or markup, and no colour alone marks it."""
    clause = make.evidence(Level.ADDRESSED, quote=HOSTILE, section=(HOSTILE,), context=HOSTILE)
    verdicts = (
        make.assessment("1.a", Level.ADDRESSED, evidence=(clause,), reason=HOSTILE),
        make.assessment("1.a", Level.GAP),
    )
    reports = {
        f"{HOSTILE}{n}": make.report((verdict,), (make.summary(name=HOSTILE, title=HOSTILE),))
        for n, verdict in enumerate(verdicts)
    }
    found = compared(reports, make.framework(), mode=mode)
    made = render_comparison(found)
    table = pd.read_csv(io.BytesIO(made["comparison.csv"]), keep_default_na=False)
    texts = [cell for cell in table.to_numpy().ravel() if isinstance(cell, str)]
    assert any("cmd" in text for text in texts)
    assert not [text for text in texts if text[:1] in ("=", "+", "-", "@")]
    book = openpyxl.load_workbook(io.BytesIO(made["comparison.xlsx"]))
    types = {c.data_type for sheet in book.worksheets for row in sheet.iter_rows() for c in row}
    assert "f" not in types
    assert "script" not in {tag for tag, _ in Page(made["comparison.html"].decode()).tags}
    assert "[bold]" in screen(
        compared(
            {f"[bold]{name}": report for name, report in reports.items()},
            make.framework(),
            mode=mode,
        )
    )


def test_changed_words_carry_a_sign_and_not_colour_alone() -> None:
    """Struck and added words stand in del and ins, each with a sign."""
    old = make.evidence(quote="The State shall pay.", context="The State shall pay.")
    new = make.evidence(quote="The State may pay.", context="The State may pay.")
    reports = {
        name: make.report((make.assessment("1.a", Level.ADDRESSED, evidence=(clause,)),))
        for name, clause in (("old", old), ("new", new))
    }
    page = render_comparison(compared(reports, make.framework()))["comparison.html"].decode()
    assert '<del><span class="sign">−</span>shall</del>' in page  # noqa: RUF001
    assert '<ins><span class="sign">+</span>may</ins>' in page


def test_the_default_is_drafts_for_two_reports_of_one_document() -> None:
    """Drafts need exactly two documents; more are refused with what to do."""
    reports = pair()
    assert compared(reports, make.framework()).mode == "drafts"
    two = make.full_report(("a.pdf", "b.pdf"))
    with pytest.raises(UsageError, match="cannot be compared as drafts"):
        compared({"a": two, "b": reports["old"]}, make.framework(), mode="drafts")
    with pytest.raises(UsageError, match="Nothing can be compared"):
        compared({"a": reports["old"]}, make.framework())


def test_warnings_stand_in_every_format(tmp_path: Path) -> None:
    """Another model is told on the page, in the workbook, on the screen and on stderr."""
    reports = pair()
    run = reports["new"].run
    reports["new"] = replace(
        reports["new"], run=replace(run, encoder={"name": "other-model", "sha256": "9" * 64})
    )
    found = compared(reports, make.framework())
    made = render_comparison(found)
    assert "other-model" in made["comparison.html"].decode().split("<main>")[0]
    assert "other-model" in cells(made["comparison.xlsx"], "Method")[1][1]
    assert "other-model" in screen(found)
    paths = [tmp_path / f"{name}.json" for name in reports]
    for path, report in zip(paths, reports.values(), strict=True):
        path.write_text(to_json(report), encoding="utf-8")
    words = ["compare", *map(str, paths), "-o", str(tmp_path / "out"), "--quiet"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    assert "other-model" in done.output
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == list(FORMATS)


def test_the_help_says_the_default() -> None:
    """Who reads --help knows what two reports are taken for."""
    words = " ".join(CliRunner().invoke(app, ["compare", "--help"]).output.split())
    assert "Default: drafts" in words
    assert "documents otherwise" in words


@pytest.mark.parametrize("mode", ["documents", "countries"])
def test_half_a_surrogate_pair_stops_no_comparison(mode: str) -> None:
    """A quote from a broken font map is compared, with a question mark where it broke."""
    reports = {"a": small_report(), "b": small_report()}
    files = render_comparison(compared(reports, make.framework(), mode=mode))
    assert "#set page" in files["comparison.csv"].decode("utf-8")
