"""Figures and frames: what counts, what is a gap, and what the words of a gap are."""

from __future__ import annotations

import pandas as pd
import pytest
import report_factory as make

from gcm_align.coverage import (
    MATRIX_COLUMNS,
    evidence_frame,
    figures,
    figures_frame,
    gaps_frame,
    matrix_frame,
)
from gcm_align.figures import MAX_REVIEW_SHARE, Tally, confidence
from gcm_align.types import Assessment, Level, Report

NOT_COUNTED = {"1.c", "13.b", "20.b", "23.a", "23.d"}
PROMISED = (  # the columns that the first issue asks for, in its order
    *("document", "action", "objective", "action_text", "level", "level_name", "contradiction"),
    *("probability", "quote", "page", "section", "evidence_count", "nearest_quote"),
    *("nearest_page", "status"),
)


def one_document(*verdicts: Assessment) -> Tally:
    return figures(make.report(verdicts), make.framework()).documents[0].total


def matrix(*verdicts: Assessment) -> pd.DataFrame:
    return matrix_frame(make.report(verdicts), make.framework())


@pytest.fixture(scope="module")
def report() -> Report:
    return make.full_report(("a.pdf", "b.pdf"))


def test_the_matrix_begins_with_the_promised_columns(report: Report) -> None:
    """Scripts of analysts can rely on names and order of the first fifteen columns."""
    frame = matrix_frame(report, make.framework())
    assert tuple(frame.columns) == MATRIX_COLUMNS
    assert MATRIX_COLUMNS[: len(PROMISED)] == PROMISED


def test_the_matrix_has_one_row_for_each_document_and_action(report: Report) -> None:
    """Documents stand as given, actions in the order of the catalogue, whatever the input's."""
    shuffled = make.report(tuple(reversed(report.assessments)), report.documents)
    frame = matrix_frame(shuffled, make.framework())
    ids = [action.id for action in make.framework().actions]
    assert list(frame["action"]) == ids * 2
    assert list(frame["document"]) == ["a.pdf"] * len(ids) + ["b.pdf"] * len(ids)


def test_needs_review_has_no_level() -> None:
    """NR is an empty level with a suggestion beside it, never a 0."""
    row = matrix(make.assessment("1.a", None)).iloc[0]
    assert pd.isna(row["level"])
    assert (row["level_name"], row["suggested_level"]) == ("needs review", 2)
    assert row["confidence"] == "low"


def test_a_gap_quotes_nothing_and_names_its_nearest_clause() -> None:
    """The quote column never shows words that do not carry a level."""
    row = matrix(make.assessment("1.a", Level.GAP)).iloc[0]
    assert row["quote"] == ""
    assert pd.isna(row["page"])
    assert row["nearest_page"] == 12


def test_evidence_count_is_the_rows_of_the_evidence_table(report: Report) -> None:
    """The two tables agree for each pair, counter-provisions included."""
    rows = evidence_frame(report).groupby(["document", "action"]).size()
    indexed = matrix_frame(report, make.framework()).set_index(["document", "action"])
    counts = indexed.loc[indexed["evidence_count"] > 0, "evidence_count"]
    assert rows.sort_index().to_dict() == counts.sort_index().to_dict()


def test_floats_have_four_digits() -> None:
    """What one machine computes in the fifteenth digit does not show."""
    assert matrix(make.assessment("1.a", Level.ADDRESSED))["probability"].iloc[0] == 0.9123
    made = make.report((make.assessment("1.a", Level.ADDRESSED),))
    assert evidence_frame(made)["score"].iloc[0] == 1.2346


def test_breadth_depth_and_delivery_are_shares_at_two_three_and_four() -> None:
    """One action at each level gives 3, 2 and 1 of 5."""
    verdicts = [make.assessment(f"2.{'abcde'[level]}", level) for level in Level]
    counts = one_document(*verdicts)
    assert counts.n == 5
    assert {name: share.lower for name, share in counts.shares.items()} == {
        "breadth": 0.6,
        "depth": 0.4,
        "delivery": 0.2,
    }


def test_needs_review_makes_a_range() -> None:
    """The lower bound counts NR as absent, the upper as the suggested level."""
    counts = one_document(
        make.assessment("2.a", None, suggested=Level.ADDRESSED),
        make.assessment("2.b", None, suggested=Level.MENTIONED),
        make.assessment("2.c", Level.PARTIAL),
        make.assessment("2.d", Level.GAP),
    )
    assert counts.n == 4
    assert (counts.shares["breadth"].lower, counts.shares["breadth"].upper) == (0.25, 0.5)
    assert (counts.shares["depth"].lower, counts.shares["depth"].upper) == (0.0, 0.25)
    assert counts.reached["breadth"] == (1, 2)


@pytest.mark.parametrize("action", sorted(NOT_COUNTED))
def test_actions_of_the_international_community_count_only_if_found(action: str) -> None:
    """Absent, they are in no denominator and no gap; found, they count like any other."""
    absent = one_document(make.assessment(action, Level.GAP), make.assessment("2.a", Level.PARTIAL))
    assert (absent.n, absent.levels[0], absent.not_counted) == (1, 0, 1)
    found = one_document(make.assessment(action, Level.MENTIONED))
    assert (found.n, found.levels[1], found.not_counted) == (1, 1, 0)
    made = make.report((make.assessment(action, Level.GAP),))
    assert gaps_frame(made, make.framework()).empty


def test_exactly_five_actions_are_not_counted_when_absent() -> None:
    """The catalogue and METHOD.md name the same five."""
    verdicts = [make.assessment(a.id, Level.GAP) for a in make.framework().actions]
    assert one_document(*verdicts).not_counted == len(NOT_COUNTED)
    frame = matrix(*verdicts)
    assert set(frame.loc[~frame["counted"], "action"]) == NOT_COUNTED


def test_the_headline_is_the_mean_over_objectives(report: Report) -> None:
    """A plain double loop over the matrix finds the same number."""
    frame = matrix_frame(report, make.framework())
    for item in figures(report, make.framework()).documents:
        own = frame[(frame["document"] == item.label) & frame["counted"]]
        shares = []
        for number in own["objective"].unique():
            levels = own.loc[own["objective"] == number, "level"]
            shares.append(sum(1 for level in levels.dropna() if level >= 2) / len(levels))
        assert item.headline is not None
        assert item.headline["breadth"].lower == pytest.approx(sum(shares) / len(shares))


def test_too_much_needs_review_gives_no_headline() -> None:
    """At 20 % there is a headline, above it there is none; the counts remain."""
    ids = [action.id for action in make.framework().actions if action.id not in NOT_COUNTED][:10]

    def headline(n_review: int) -> object:
        levels = [None] * n_review + [Level.PARTIAL] * (10 - n_review)
        verdicts = tuple(make.assessment(i, level) for i, level in zip(ids, levels, strict=True))
        document = figures(make.report(verdicts), make.framework()).documents[0]
        assert document.total.needs_review == n_review
        return document.headline

    assert headline(round(10 * MAX_REVIEW_SHARE)) is not None
    assert headline(round(10 * MAX_REVIEW_SHARE) + 1) is None


def test_a_contradiction_is_counted_apart_and_changes_no_share() -> None:
    """A C2 is never averaged away, and never lifts or lowers a level."""
    plain = one_document(make.assessment("13.h", Level.PARTIAL))
    flagged = one_document(make.contradicted("13.h", Level.PARTIAL))
    assert flagged.shares == plain.shares
    assert (plain.contradiction, flagged.contradiction) == (0, 1)


def test_counts_of_the_figures_are_counts_of_the_matrix(report: Report) -> None:
    """Every figure of the table can be found again by counting rows."""
    frame = matrix_frame(report, make.framework())
    for _, row in figures_frame(report, make.framework()).iterrows():
        if row["scope"] == "headline":
            continue
        own = frame[frame["document"] == row["document"]]
        if row["scope"] != "all actions":
            own = own[own["objective"] == int(row["scope"].split()[1])]
        counted = own[own["counted"]]
        assert row["n"] == len(counted)
        assert [row[level.label] for level in Level] == [
            (counted["level"] == int(level)).sum() for level in Level
        ]
        assert row["needs_review"] == own["level"].isna().sum()
        assert row["contradiction"] == (own["contradiction"] == "C2").sum()


def test_a_gap_is_told_about_the_text_never_about_the_state(report: Report) -> None:
    """No narrative judges a country; each says what is missing and who normally leads."""
    for text in gaps_frame(report, make.framework())["narrative"]:
        assert text.startswith("No clause in ")
        assert "Consider “" in text
        assert not {"fails", "failure", "compliant", "compliance"} & set(text.lower().split())


def test_a_gap_quotes_the_nearest_clause_and_what_it_lacks() -> None:
    """The narrative follows METHOD.md: silence, nearest clause with page, part and lack."""
    nearest = make.evidence(Level.GAP, page=9, page_label="", elements=(0,))
    made = make.report((make.assessment("1.b", Level.GAP, nearest=nearest),))
    row = gaps_frame(made, make.framework()).iloc[0]
    found, lacking = make.framework().action("1.b").core_elements
    assert f"Nearest: “{nearest.quote}”, p. 9." in row["narrative"]
    assert f"It covers {found} but lacks {lacking}." in row["narrative"]
    assert (row["nearest_covers"], row["nearest_lacks"]) == (found, lacking)
    assert row["narrative"].startswith("No clause in the document provides for: ")
    assert row["narrative"].endswith("normally led by statistics.")


def test_a_gap_says_where_else_the_action_is_carried() -> None:
    """A gap of one document names the document of the same report that has a clause."""
    documents = (make.summary("doc-1", "law.pdf"), make.summary("doc-2", "plan.pdf"))
    silent = make.assessment("1.b", Level.GAP)
    carried = make.assessment("1.b", Level.ADDRESSED, document_id="doc-2")
    both = (silent, make.assessment("1.b", Level.GAP, document_id="doc-2"))
    row = gaps_frame(make.report((silent, carried), documents), make.framework()).iloc[0]
    assert row["narrative"].startswith("No clause in law.pdf provides for")
    assert row["carried_by"] == "plan.pdf (addressed, p. 31 (printed 19))"
    rows = gaps_frame(make.report(both, documents), make.framework())
    assert all("in the 2 documents" in text for text in rows["narrative"])


def test_needs_review_is_no_gap() -> None:
    """A pair that a person must decide is not listed as missing."""
    nearest = make.evidence(Level.GAP)
    verdict = make.assessment("1.a", None, suggested=Level.GAP, evidence=(), nearest=nearest)
    made = make.report((verdict,))
    assert gaps_frame(made, make.framework()).empty
    assert matrix_frame(made, make.framework()).iloc[0]["nearest_quote"] == nearest.quote


def test_two_documents_of_one_name_stay_apart() -> None:
    """The id joins a name that two documents share, so that rows can be told apart."""
    documents = (make.summary("x1", "law.pdf"), make.summary("x2", "law.pdf"))
    verdicts = tuple(make.assessment("1.a", Level.PARTIAL, document_id=d.id) for d in documents)
    frame = matrix_frame(make.report(verdicts, documents), make.framework())
    assert list(frame["document"]) == ["law.pdf [x1]", "law.pdf [x2]"]


@pytest.mark.parametrize(
    ("level", "probability", "word"),
    [
        (Level.PARTIAL, 0.95, "high"),
        (Level.PARTIAL, 0.75, "medium"),
        (Level.PARTIAL, 0.55, "low"),
        (Level.GAP, 0.05, "high"),
        (Level.GAP, 0.45, "low"),
    ],
)
def test_confidence_is_of_the_verdict_given(level: Level, probability: float, word: str) -> None:
    """A small probability makes a gap sure, and a commitment unsure."""
    assert confidence(make.assessment("1.a", level, probability=probability)) == word


def test_an_empty_report_has_frames_with_all_columns() -> None:
    """A run in which every file was skipped still gives tables that can be read."""
    made = make.report((), documents=())
    assert tuple(matrix_frame(made, make.framework()).columns) == MATRIX_COLUMNS
    assert figures_frame(made, make.framework()).empty
    assert evidence_frame(made).empty
