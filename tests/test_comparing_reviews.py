"""A comparison names the levels that reviewers gave, with the machine's beside them."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import Any

import docx
import openpyxl
import pandas as pd
import pytest
import report_factory as make
from docx.oxml.ns import qn
from rich.console import Console

from gcm_align.comparing.changes import Cause, DraftComparison, Kind
from gcm_align.comparing.documents import DocumentComparison
from gcm_align.figures import figures
from gcm_align.reporting.compare_text import comparison_summary
from gcm_align.reporting.comparisons import Comparison, compared, render_comparison
from gcm_align.reporting.docx_report import docx_of
from gcm_align.reporting.html import to_html
from gcm_align.reporting.marks import NOT_APPLICABLE_KEY, NOT_COUNTED_KEY, bar, bar_words
from gcm_align.reporting.narrative import tell
from gcm_align.reporting.pictures import HATCHES
from gcm_align.reporting.story import Picture
from gcm_align.reviewed import decided
from gcm_align.types import Decision, Level, Report, ReviewMark

NOTE = "[reviewer amina: changed to 0 gap; machine: 3 addressed]"
WITHDRAWN = "[reviewer amina: not applicable; machine: 2 partial]"


def mark(action: str, decision: Decision, level: Level | None, machine: Level) -> ReviewMark:
    return ReviewMark(
        document_id="doc-1",
        action=action,
        decision=decision,
        level=level,
        reason="It only repeals.",
        note="",
        reviewer="amina",
        at="2026-11-24T08:00:00+00:00",
        counts=True,
        suspect="",
        reviewed_level=machine,
        quotes=(),
        machine_level=machine,
        machine_suggested=machine,
    )


def machine() -> Report:
    """Three verdicts of the machine, the rest of the catalogue a gap."""
    levels = {"1.a": Level.PARTIAL, "6.h": Level.ADDRESSED, "13.h": Level.PARTIAL}
    items = tuple(
        make.assessment(action.id, levels.get(action.id, Level.GAP))
        for action in make.framework().actions
    )
    report = make.report(items)
    whole = replace(report.documents[0].quality, pages_unread=())
    return replace(report, documents=(replace(report.documents[0], quality=whole),))


def reviewed() -> Report:
    """The same after a reviewer lowered 6.h and found 13.h not applicable."""
    marks = (
        mark("6.h", Decision.CHANGE, Level.GAP, Level.ADDRESSED),
        mark("13.h", Decision.NOT_APPLICABLE, None, Level.PARTIAL),
    )
    by_action = {item.action: item for item in marks}
    report = machine()
    items = tuple(
        decided(item, by_action[item.action]) if item.action in by_action else item
        for item in report.assessments
    )
    return replace(report, assessments=items, reviews=marks)


def screen(comparison: Comparison) -> str:
    console = Console(file=io.StringIO(), width=400, record=True)
    for block in comparison_summary(comparison):
        console.print(block, markup=False)
    return console.export_text()


def page_text(data: bytes) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", data.decode()).split())


@pytest.mark.parametrize("mode", ["drafts", "documents", "countries"])
def test_every_form_names_who_gave_a_level(mode: str) -> None:
    """Page, tables and screen show the reviewer's level and the machine's."""
    made = compared({"old": machine(), "new": reviewed()}, make.framework(), mode=mode)
    files = render_comparison(made)
    table = pd.read_csv(io.BytesIO(files["comparison.csv"]), dtype=str, keep_default_na=False)
    book: Any = openpyxl.load_workbook(io.BytesIO(files["comparison.xlsx"]))
    line = "2 verdicts were given by a reviewer (amina)."
    page = page_text(files["comparison.html"])
    for note in (NOTE, WITHDRAWN):
        assert note in page
    assert line in page
    assert line in screen(made)
    assert line in " ".join(str(cell.value) for row in book["Method"] for cell in row)
    cells = [str(cell.value) for row in book["Comparison"] for cell in row]
    told = [str(value) for row in table.to_numpy() for value in row]
    assert [cell for cell in cells if "amina" in cell] == [t for t in told if "amina" in t] != []


def test_a_fall_by_review_is_a_change_that_names_the_reviewer() -> None:
    """Both levels stand in the row; not applicable is neither gain nor loss."""
    made = compared({"old": machine(), "new": reviewed()}, make.framework(), mode="drafts")
    assert isinstance(made.result, DraftComparison)
    found = {change.action.id: change for change in made.result.changes}
    assert (found["6.h"].kind, found["6.h"].before.review) == (Kind.LOST, None)
    assert found["6.h"].after.review is not None
    assert (found["13.h"].kind, found["13.h"].cause) == (Kind.UNTOLD, Cause.NOT_APPLICABLE)
    assert "1.a" not in found
    assert NOTE in screen(made)
    files = render_comparison(made)
    row = pd.read_csv(io.BytesIO(files["comparison.csv"])).set_index("action").loc["6.h"]
    assert (row["after_level"], row["after_machine_level"], row["after_reviewer"]) == (
        0,
        3,
        "amina",
    )
    assert (row["before_machine_level"], row["before_level"]) == (3, 3)
    assert row["after_decision"] == "changed to"


def test_what_does_not_apply_is_no_best_level() -> None:
    """A withdrawn verdict lifts nothing; where it is the only one, the action does not apply."""
    both = compared({"old": machine(), "new": reviewed()}, make.framework(), mode="documents")
    twice = compared({"old": reviewed(), "new": reviewed()}, make.framework(), mode="documents")
    assert isinstance(both.result, DocumentComparison)
    assert isinstance(twice.result, DocumentComparison)
    one = next(row for row in both.result.rows if row.action.id == "13.h")
    assert (one.level, one.best and one.best.label) == (Level.PARTIAL, "old: policy.pdf")
    none = next(row for row in twice.result.rows if row.action.id == "13.h")
    assert (none.level, none.applicable) == (None, False)
    assert (twice.result.counts["not applicable"], twice.result.counts["needs review"]) == (1, 0)
    assert sum(twice.result.counts.values()) == len(make.framework().actions)
    assert "not applicable" in page_text(render_comparison(twice)["comparison.html"])


def test_not_applicable_is_a_state_of_its_own() -> None:
    """Bars, their words, the page and the figures tell it from what is not counted."""
    report, framework = reviewed(), make.framework()
    total = figures(report, framework).documents[0].total
    parts = {part.state.key: part.count for part in bar(total)}
    rare = sum(1 for a in framework.actions if a.applicability and not a.applicability.counted)
    assert (parts[NOT_COUNTED_KEY], parts[NOT_APPLICABLE_KEY]) == (rare, 1)
    assert f"{rare} not counted, 1 not applicable" in bar_words(total)
    assert sum(parts.values()) == len(framework.actions)
    assert len(set(HATCHES.values())) == len(HATCHES)
    page = to_html(report, framework)
    assert page.count('class="p-nap"') >= 2
    assert "⊘" in page
    story = tell(report, framework)
    alts = [p.alt for p in story.parts if isinstance(p, Picture) and p.name.startswith("levels")]
    assert all("1 not applicable" in alt for alt in alts)
    document: Any = docx.Document(io.BytesIO(docx_of(story)))
    texts = ["".join(str(t.text or "") for t in p.iter(qn("w:t")))
             for p in document.element.body.iter(qn("w:p"))]  # fmt: skip
    assert "⊘" in texts
