"""Reviews on reports: what counts, what is suspect, and that the machine's figures stay."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
import report_factory as make
from rich.console import Console
from typer.testing import CliRunner

from gcm_align.cli import app
from gcm_align.coverage import figures, figures_frame, gaps_frame, matrix_frame
from gcm_align.reporting.canonical_json import read_report, to_json
from gcm_align.reporting.formats import render_all
from gcm_align.reporting.html import to_html
from gcm_align.reporting.summary import summary_table
from gcm_align.reviewed import machine_report, review_counts
from gcm_align.reviewing import Decision, ReviewStore, review_of
from gcm_align.reviewing.agreeing import agreements
from gcm_align.reviewing.applying import apply_reviews
from gcm_align.types import DocumentSummary, Level, Report

SCHEMA = Path(__file__).parents[1] / "data" / "schema" / "report.schema.json"
DECISIONS = {
    "6.h": (Decision.CHANGE, Level.GAP, "It only repeals."),
    "1.a": (Decision.CHANGE, Level.PARTIAL, "Article 3."),
    "7.f": (Decision.ACCEPT, None, ""),
    "13.h": (Decision.NOT_APPLICABLE, None, "No detention in this system."),
    "8.a": (Decision.DISPUTE, None, "Ask the ministry."),
    "9.d": (Decision.NOTE, None, ""),
}


def some_report(document: DocumentSummary | None = None) -> Report:
    pairs = {"6.h": Level.ADDRESSED, "1.a": None, "7.f": Level.PARTIAL, "13.h": None}
    levels = pairs | {"8.a": Level.OPERATIONALISED, "9.d": Level.GAP}
    items = tuple(make.assessment(action, level) for action, level in levels.items())
    return make.report(items, (document or make.summary(),))


@pytest.fixture
def store(tmp_path: Path) -> ReviewStore:
    made = ReviewStore(tmp_path / "reviews.sqlite")
    report = some_report()
    for item in report.assessments:
        decision, level, reason = DECISIONS[item.action]
        review = review_of(
            item,
            report.documents[0],
            decision,
            reviewer="amina",
            level=level,
            reason=reason,
            note="<b>see</b> the decree",
            at="2026-11-24T08:00:00+00:00",
        )
        made.add(review)
    return made


def test_a_reviewed_level_counts_and_the_machines_stays_beside(store: ReviewStore) -> None:
    """Level, not applicable and dispute replace the verdict; taking them away restores it."""
    plain = some_report()
    report = apply_reviews(plain, store)
    found = {i.action: (i.level, i.status, i.applicable) for i in report.assessments}
    assert found == {
        "6.h": (Level.GAP, "reviewed", True),
        "1.a": (Level.PARTIAL, "reviewed", True),
        "7.f": (Level.PARTIAL, "reviewed", True),
        "13.h": (None, "reviewed", False),
        "8.a": (None, "disputed", True),
        "9.d": (Level.GAP, "machine", True),
    }
    total = figures(report, make.framework()).documents[0].total
    assert (total.n, total.levels, total.needs_review) == (5, (2, 0, 2, 0, 0), 1)
    assert total.not_counted == 1
    assert total.reached["breadth"] == (2, 3)
    counts = review_counts(report)
    assert (counts.reviewed, counts.disputed, counts.suspect, counts.pairs) == (4, 1, 0, 6)
    assert machine_report(report) == plain
    assert apply_reviews(report, store) == report
    rows = figures_frame(report, make.framework()).set_index("scope")
    assert rows.loc["all actions", "n"] == 5
    assert rows.loc["all actions, machine only", "n"] == 6
    assert rows.loc["all actions, machine only", "addressed"] == 1


def test_the_tables_show_who_decided_what_when_and_why(store: ReviewStore) -> None:
    """Matrix and gap list hold the review; not applicable is no gap and has no level."""
    report = apply_reviews(some_report(), store)
    rows = matrix_frame(report, make.framework()).set_index("action")
    changed = rows.loc["6.h"]
    assert (changed["level"], changed["machine_level"], changed["reviewer_level"]) == (0, 3, "0")
    assert (changed["reviewer"], changed["reviewed_at"][:10]) == ("amina", "2026-11-24")
    assert (changed["review_reason"], changed["review_state"]) == ("It only repeals.", "counts")
    assert rows.loc["13.h", "level_name"] == "not applicable"
    assert list(rows["reviewer_level"]) == ["2", "0", "2", "NR", "", "NA"]
    assert list(gaps_frame(report, make.framework())["action"]) == ["6.h", "9.d"]
    assert list(gaps_frame(report, make.framework())["status"]) == ["reviewed", "machine"]


def test_every_format_shows_reviews_and_the_same_bytes(store: ReviewStore) -> None:
    """JSON obeys its schema and comes back; HTML and terminal say it, markup stays text."""
    report = apply_reviews(some_report(), store)
    files = render_all(report, make.framework())
    assert files == render_all(apply_reviews(some_report(), store), make.framework())
    data = json.loads(to_json(report))
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(data)
    page = files["report.html"].decode()
    assert "amina, 2026-11-24: changed to 0 gap (machine: 3 addressed)" in page
    assert "4 of 6 verdicts reviewed, 1 disputed" in page
    assert "<b>see</b>" not in page
    console = Console(width=200, record=True, file=io.StringIO())
    for part in summary_table(report, make.framework()):
        console.print(part)
    assert "Machine only, all actions: breadth" in console.export_text()
    assert "reviews" in data
    assert b"reviewed, 0 disputed" not in render_all(some_report(), make.framework())["report.html"]


def test_a_report_with_reviews_is_read_back(store: ReviewStore, tmp_path: Path) -> None:
    """What was written is what is read."""
    report = apply_reviews(some_report(), store)
    path = tmp_path / "report.json"
    path.write_text(to_json(report), encoding="utf-8")
    assert to_json(read_report(path)) == to_json(report)
    assert read_report(path).reviews == report.reviews


def test_a_run_on_the_same_text_keeps_reviews(store: ReviewStore) -> None:
    """Even where a newer model says something else, and under another name."""
    renamed = some_report(make.summary(name="renamed.pdf"))
    newer = replace(
        renamed, assessments=tuple(replace(i, evidence=()) for i in renamed.assessments)
    )
    report = apply_reviews(newer, store)
    assert not any(mark.suspect for mark in report.reviews)
    assert review_counts(report).reviewed == 4


def test_on_a_changed_text_what_rests_on_changed_words_is_suspect(store: ReviewStore) -> None:
    """Same quotes: kept. Other quotes: shown with the reason, the machine's level counts."""
    changed = some_report(make.summary(sha256="ab" * 32))
    other = make.evidence(Level.ADDRESSED, quote="No person may hold a passport of another.")
    items = tuple(
        replace(item, evidence=(other,)) if item.action == "6.h" else item
        for item in changed.assessments
    )
    report = apply_reviews(replace(changed, assessments=items), store)
    found = {mark.action: mark for mark in report.reviews}
    assert "no longer found: “No person shall operate" in found["6.h"].suspect
    assert [m.action for m in report.reviews if m.suspect] == ["6.h"]
    item = next(i for i in report.assessments if i.action == "6.h")
    assert (item.level, item.status) == (Level.ADDRESSED, "machine")
    assert review_counts(report).suspect == 1
    row = matrix_frame(report, make.framework()).set_index("action").loc["6.h"]
    assert row["reviewer_level"] == ""  # a suspect level must not come back as a new one
    assert row["review_state"].startswith("suspect: amina, 2026-11-24: 0. It only repeals.")
    page = to_html(report, make.framework())
    assert "Suspect, not counted: amina" in page


def test_a_named_successor_takes_reviews_over(store: ReviewStore) -> None:
    """Another name and other bytes: only if it is said that it follows the old document."""
    draft = some_report(make.summary(name="draft-2.pdf", sha256="cd" * 32))
    assert apply_reviews(draft, store).reviews == ()
    follows = apply_reviews(draft, store, {"draft-2.pdf": "policy.pdf"})
    assert review_counts(follows).reviewed == 4


def test_nothing_quoted_cannot_vouch_for_a_changed_text(store: ReviewStore) -> None:
    """A verdict without a quote is suspect as soon as the text changes."""
    changed = some_report(make.summary(sha256="ab" * 32))
    bare = tuple(replace(i, evidence=(), nearest=None) for i in changed.assessments)
    report = apply_reviews(replace(changed, assessments=bare), store)
    assert review_counts(report).suspect == 5
    assert review_counts(report).reviewed == 0


def test_agreement_of_two_reviewers(store: ReviewStore) -> None:
    """Alpha on the levels that both gave; the rest is counted apart."""
    report = some_report()
    for item in report.assessments:
        if item.level is not None:
            level = Level.GAP if item.action == "6.h" else Level.ADDRESSED
            review = review_of(
                item, report.documents[0], Decision.CHANGE, reviewer="boris", level=level
            )
            store.add(review)
    known = store.current(review.document)
    (found,) = agreements([r for entry in known.values() for r in entry.verdicts])
    assert (found.first, found.second, found.n, found.same) == ("amina", "boris", 2, 1)
    assert found.differing == (("policy.pdf", "7.f", 2, 3),)
    assert found.without_level == 1
    # Two pairs (0, 0) and (2, 3), by hand: values 0: 2, 2: 1, 3: 1; ordinal distances
    # 0-2: 1.5, 0-3: 2.5, 2-3: 1.
    observed, chance = 2 * 1**2, 2 * (2 * 1.5**2 + 2 * 2.5**2 + 1**2) / 3
    assert found.alpha == pytest.approx(1 - observed / chance)


def test_the_commands_list_export_undo_and_compare(store: ReviewStore, tmp_path: Path) -> None:
    """What is kept is listed, written as CSV without formulas, and can be taken back."""
    runner, at = CliRunner(), ["--reviews", str(store.path)]

    def said(*words: str) -> str:
        done = runner.invoke(app, ["review", *words, *at], catch_exceptions=False)
        assert done.exit_code == 0
        return done.output

    assert "policy.pdf  6.h  change 0 gap  amina, 2026-11-24: It only repeals." in said("list")
    assert "Taken back" in said("undo", "policy.pdf", "6.h", "--reviewer", "amina")
    assert "6.h" not in said("list")
    out = tmp_path / "reviews.csv"
    assert "7 rows" in said("export", str(out))
    assert len(out.read_text("utf-8").splitlines()) == 8
    assert "No two reviewers" in said("agreement")
