"""Levels by hand: force, elements, delivery, review, contradiction."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from reading_factory import by_page, clause, document, hold, reading, scores

from gcm_align.assessing import Assessor
from gcm_align.calibration import FIGURES, Calibrator, load_calibrator
from gcm_align.catalogue import Framework
from gcm_align.evidence import EvidenceMaker
from gcm_align.levels import levels_alone
from gcm_align.settings import Settings
from gcm_align.types import (
    Assessment,
    Clause,
    Contradiction,
    CounterProvision,
    Cue,
    Document,
    Force,
    Level,
    Reading,
    Scores,
)

ACTION = "6.h"
HIGH, LOW = 6.0, -9.0
FACTS = tuple(Cue(kind=kind, start=0, end=4, text="text") for kind in ("body", "time", "indicator"))
MAKER = EvidenceMaker(words=[frozenset()] * 187, verify=lambda page, quote: True, quote_words=60)


WHOLE = replace(Settings(), element_share=1.0)  # complete only with every core element


def verdict(framework: Framework, read: Reading, settings: Settings = WHOLE) -> Assessment:
    found = Assessor(framework, settings).assess(read, MAKER)
    return next(item for item in found if item.action == ACTION)


def one(
    framework: Framework, made: Clause, score: float = HIGH, *, whole: bool = True
) -> Assessment:
    """Return the verdict on a document of one passage."""
    scored = scores(framework, [{ACTION: score}])
    if whole:
        hold(scored, 0, ACTION, range(len(framework.action(ACTION).core_elements)))
    return verdict(framework, reading(document(["One clause of text."]), [made], scored))


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (clause(Force.MENTION), Level.MENTIONED),
        (clause(Force.WEAK), Level.PARTIAL),
        (clause(Force.POWER), Level.PARTIAL),
        (clause(Force.UNDERTAKING, general=True), Level.PARTIAL),
        (clause(Force.DUTY), Level.ADDRESSED),
        (clause(Force.RIGHT), Level.ADDRESSED),
        (clause(Force.MEASURE), Level.ADDRESSED),
        (clause(Force.DUTY, delivery=FACTS[:1]), Level.ADDRESSED),
        (clause(Force.DUTY, delivery=FACTS[:2]), Level.OPERATIONALISED),
        (clause(Force.WEAK, delivery=FACTS), Level.PARTIAL),
        (clause(Force.UNDERTAKING, state_acts=False), Level.MENTIONED),
    ],
)
def test_the_level_follows_from_the_force(
    catalogue: Framework, made: Clause, expected: Level
) -> None:
    """Similar but unfirm is never addressed; two delivery facts make it operational."""
    assert one(catalogue, made).level is expected


def test_a_firm_clause_with_elements_missing_is_partial(catalogue: Framework) -> None:
    assert one(catalogue, clause(), whole=False).level is Level.PARTIAL


def test_nothing_near_is_a_gap_with_its_nearest_clause(catalogue: Framework) -> None:
    item = one(catalogue, clause(), score=LOW)
    assert item.level is Level.GAP
    assert item.nearest is not None
    assert item.evidence == ()
    assert item.probability < 0.1


def test_levels_that_compete_need_review(catalogue: Framework) -> None:
    """Where the score leaves too much doubt, both levels are named and passages are given."""
    item = one(catalogue, clause(), score=-2.0)
    assert item.level is None
    assert "compete" in item.reason
    assert item.evidence
    assert sum(item.probabilities.values()) == pytest.approx(1, abs=1e-3)


def test_the_risk_that_is_borne_decides_on_review(catalogue: Framework) -> None:
    """The same pair is accepted by who bears more risk, and left by who bears none."""
    scored = scores(catalogue, [{ACTION: -2.0}])
    read = reading(document(["One clause."]), [clause()], scored)
    for most, expected in ((1.0, False), (1e-9, True)):
        item = verdict(catalogue, read, replace(Settings(), most_risk=most))
        assert (item.level is None) is expected


def two_halves(framework: Framework) -> tuple[Document, Scores]:
    scored = scores(framework, [{ACTION: HIGH}, {ACTION: HIGH}])
    n = len(framework.action(ACTION).core_elements)
    assert n >= 2
    hold(scored, 0, ACTION, [0])
    hold(scored, 1, ACTION, range(1, n))
    return document(["The first half.", "The second half."]), scored


def test_firm_parts_together_address_an_action(catalogue: Framework) -> None:
    """Several partial clauses may cover the elements, and the reason says so."""
    made, scored = two_halves(catalogue)
    item = verdict(catalogue, reading(made, [clause(), clause()], scored))
    assert item.level is Level.ADDRESSED
    assert "together" in item.reason
    assert by_page(item.evidence) == [(1, Level.PARTIAL), (2, Level.PARTIAL)]


def test_a_weak_part_does_not_complete_a_firm_one(catalogue: Framework) -> None:
    made, scored = two_halves(catalogue)
    item = verdict(catalogue, reading(made, [clause(), clause(Force.WEAK)], scored))
    assert item.level is Level.PARTIAL


def test_a_contradiction_stands_beside_the_level_and_is_no_support(catalogue: Framework) -> None:
    """The passage that orders the opposite is quoted apart and lifts nothing."""
    scored = scores(catalogue, [{ACTION: HIGH}])
    hold(scored, 0, ACTION, range(len(catalogue.action(ACTION).core_elements)))
    order = CounterProvision(
        rule="passport",
        actions=(ACTION,),
        flag=Contradiction.CONTRADICTION,
        start=0,
        end=3,
        words="One",
    )
    read = reading(document(["One clause of text."]), [clause()], scored, [(order,)])
    item = verdict(catalogue, read)
    assert item.contradiction is Contradiction.CONTRADICTION
    assert item.suggested is Level.GAP
    assert item.evidence == ()
    assert [e.page for e in item.counter_evidence] == [1]


def test_pages_that_were_not_read_make_no_gaps(catalogue: Framework) -> None:
    """Below 98 % of the pages read, silence is for review; what was found stands."""
    made = document(["One clause of text."], pages_unread=1)
    silent = verdict(catalogue, reading(made, [clause()], scores(catalogue, [{}])))
    assert (silent.level, silent.suggested) == (None, Level.GAP)
    assert "1 of 2 pages" in silent.reason
    scored = scores(catalogue, [{ACTION: HIGH}])
    found = verdict(catalogue, reading(made, [clause(Force.WEAK)], scored))
    assert found.level is Level.PARTIAL


def test_a_language_that_is_not_read_gives_no_verdict(catalogue: Framework) -> None:
    made = document(["Una cláusula."], language="es")
    scored = scores(catalogue, [{ACTION: HIGH}])
    item = verdict(catalogue, reading(made, [clause()], scored))
    assert item.level is None
    assert "es" in item.reason


def test_a_document_without_passages_has_187_verdicts(catalogue: Framework) -> None:
    read = reading(document([]), [], scores(catalogue, []))
    found = Assessor(catalogue, Settings()).assess(read, MAKER)
    assert len(found) == 187
    assert all(item.nearest is None and not item.evidence for item in found)


def test_what_is_shown_first_carries_the_level(catalogue: Framework) -> None:
    """The nearest passage that carries the level leads; the rest follow by score."""
    scored = scores(catalogue, [{ACTION: HIGH + 2}, {ACTION: HIGH}, {ACTION: HIGH + 1}])
    read = reading(
        document(["One.", "Two.", "Three."]),
        [clause(Force.MENTION), clause(Force.WEAK), clause(Force.MENTION)],
        scored,
    )
    item = verdict(catalogue, read)
    assert by_page(item.evidence) == [
        (2, Level.PARTIAL),
        (1, Level.MENTIONED),
        (3, Level.MENTIONED),
    ]
    assert [e.rank for e in item.evidence] == [1, 2, 3]


def test_a_firm_clause_about_something_else_is_partial_at_most(catalogue: Framework) -> None:
    """What names migration neither itself nor by its document cannot address an action."""
    scored = scores(catalogue, [{ACTION: HIGH}])
    hold(scored, 0, ACTION, range(len(catalogue.action(ACTION).core_elements)))
    elsewhere = replace(scored, parts={"scope": scored.values * 0})
    item = verdict(catalogue, reading(document(["One clause."]), [clause()], elsewhere))
    assert item.level is Level.PARTIAL


def test_what_is_about_something_else_mentions_no_action() -> None:
    """It may serve one by implication; to name its subject is not to name migrants."""
    likely = np.array([[1, 2], [1, 2]])
    about = np.array([[True, True], [False, False]])
    alone = levels_alone(likely, np.full((2, 2), 3), np.array([False, False]), about)
    assert alone.tolist() == [[1, 2], [0, 2]]


def always(passage: float, whole: float) -> Calibrator:
    """Return a calibrator that says the same of every passage and of every document."""
    shipped = load_calibrator()
    return replace(
        shipped,
        passage=np.tile([0, 0, 0, passage], (3, 1)),
        document=np.tile([*np.zeros(len(FIGURES)), whole], (3, 1)),
    )


def test_no_level_without_a_quote(catalogue: Framework) -> None:
    """Where all passages together are likely to carry an action and none would alone, the
    nearest stands for them, as mentioned at most.
    """
    scored = scores(catalogue, [{ACTION: 1.0}, {ACTION: 2.0}])
    read = reading(document(["One.", "Two."]), [clause(), clause()], scored)
    found = Assessor(catalogue, WHOLE, always(passage=-9, whole=9)).assess(read, MAKER)
    for item in found:
        assert item.suggested > Level.GAP
        assert item.evidence
    item = next(own for own in found if own.action == ACTION)
    assert by_page(item.evidence)[0] == (2, Level.MENTIONED)


def test_where_the_document_is_silent_no_passage_is_evidence(catalogue: Framework) -> None:
    scored = scores(catalogue, [{ACTION: HIGH}])
    read = reading(document(["One."]), [clause()], scored)
    found = Assessor(catalogue, WHOLE, always(passage=9, whole=-9)).assess(read, MAKER)
    item = next(own for own in found if own.action == ACTION)
    assert (item.level, item.evidence) == (Level.GAP, ())
    assert item.nearest is not None


def test_a_passage_alone_carries_no_more_than_the_verdict(catalogue: Framework) -> None:
    scored = scores(catalogue, [{ACTION: HIGH}])
    hold(scored, 0, ACTION, range(len(catalogue.action(ACTION).core_elements)))
    calibrator = always(passage=9, whole=9)
    calibrator.document[2, -1] = -9  # addressed is never likely
    read = reading(document(["One."]), [clause(delivery=FACTS)], scored)
    found = Assessor(catalogue, WHOLE, calibrator).assess(read, MAKER)
    item = next(own for own in found if own.action == ACTION)
    assert item.suggested is Level.PARTIAL
    assert by_page(item.evidence) == [(1, Level.PARTIAL)]


@pytest.mark.parametrize(
    ("force", "most"),
    [(Force.MENTION, "mentioned"), (Force.POWER, "partial"), (Force.DUTY, "addressed")],
)
def test_the_force_bounds_the_probabilities(catalogue: Framework, force: Force, most: str) -> None:
    """What the words do not allow is not likely, whatever the score."""
    item = one(catalogue, clause(force))
    above = [level for level, chance in item.probabilities.items() if chance]
    assert above[-1] == most


def test_probability_rises_with_the_score(catalogue: Framework) -> None:
    """It is monotone in the best score and stays within [0, 1]."""
    values = [one(catalogue, clause(), score=s).probability for s in (-8.0, -1.0, 1.0, 4.0, 30.0)]
    assert values == sorted(values)
    assert 0 <= values[0] < values[-1] <= 1
