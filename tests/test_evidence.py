"""Quotes: verbatim, short, on one page, the telling part."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading_factory import clause, document, reading, scores

from gcm_align.catalogue import Framework
from gcm_align.evidence import EvidenceMaker, stems
from gcm_align.types import (
    BlockKind,
    Contradiction,
    CounterProvision,
    Cue,
    Force,
    Level,
    Reading,
    Span,
)

FILLER = "The committee meets every second month and keeps minutes of what it decides. "
TELLING = "Recruitment agencies shall hold a licence from the Directorate."


def made_reading(framework: Framework, text: str) -> Reading:
    return reading(document([text]), [clause()], scores(framework, [{}]))


def maker(quote_words: int = 20, words: str = TELLING) -> EvidenceMaker:
    return EvidenceMaker(
        words=[stems(words)] * 187, verify=lambda page, quote: True, quote_words=quote_words
    )


def test_a_short_passage_is_quoted_whole(catalogue: Framework) -> None:
    read = made_reading(catalogue, TELLING)
    evidence = maker().make(read, 1, 0, 0, Level.ADDRESSED, (0,))
    assert (evidence.quote, evidence.page) == (TELLING, 1)
    assert read.document.text[evidence.start : evidence.end] == TELLING


def test_of_a_long_passage_the_telling_sentence_is_quoted(catalogue: Framework) -> None:
    read = made_reading(catalogue, FILLER * 4 + TELLING + " " + FILLER * 4)
    evidence = maker().make(read, 1, 0, 0, Level.ADDRESSED, ())
    assert TELLING in evidence.quote
    assert len(evidence.quote.split()) <= 20


def test_what_is_undertaken_is_quoted_and_not_who_undertakes_it(catalogue: Framework) -> None:
    """Of a row whose cell of bodies shares as many words, the activity is quoted."""
    bodies = "Directorate of agencies, licence office"
    activity = "Inspect agencies for recruitment"
    made = document([bodies + "\n" + activity])
    at = made.text.index(activity)
    cells = (
        Span(page=1, start=0, end=len(bodies)),
        Span(page=1, start=at, end=len(made.text)),
    )
    cue = Cue(kind="measure", start=at, end=at + 7, text="Inspect")
    read = reading(made, [clause(Force.MEASURE, cues=(cue,))], scores(catalogue, [{}]))
    row = replace(read.passages[0], spans=cells, kind=BlockKind.TABLE_ROW)
    evidence = maker().make(replace(read, passages=(row,)), 1, 0, 0, Level.PARTIAL, ())
    assert evidence.quote == activity


def test_a_quote_does_not_begin_behind_an_abbreviation(catalogue: Framework) -> None:
    """In "Convention No. 97" no sentence ends: it is one name."""
    text = FILLER + "The State shall ratify Convention No. 97 on licence of agencies. " + FILLER
    read = made_reading(catalogue, text)
    quote = maker(quote_words=12).make(read, 1, 0, 0, Level.ADDRESSED, ()).quote
    assert quote.startswith("The State shall ratify Convention No. 97")


def test_a_counter_provision_shows_its_own_words(catalogue: Framework) -> None:
    """The window is the one that holds the order, not the one nearest to the action."""
    order = "Unlawful entrants shall be detained until removal."
    text = TELLING + " " + FILLER * 5 + order
    provision = CounterProvision(
        rule="detention",
        actions=("13.a",),
        flag=Contradiction.CONTRADICTION,
        start=text.index(order),
        end=text.index(order) + len(order),
        words=order,
    )
    evidence = maker().make_counter(made_reading(catalogue, text), 1, 0, 0, provision)
    assert order in evidence.quote


def test_what_the_second_reader_does_not_find_is_marked(catalogue: Framework) -> None:
    made = EvidenceMaker(words=[frozenset()] * 187, verify=lambda p, q: False, quote_words=60)
    read = made_reading(catalogue, TELLING)
    assert made.make(read, 1, 0, 0, Level.PARTIAL, ()).verified is False


@given(st.lists(st.sampled_from(["shall.", "licence", "a;", "the", "Ministry:"]), min_size=1))
def test_every_quote_is_a_stretch_of_the_text_of_bounded_length(words: list[str]) -> None:
    """Whatever the text, the quote is contiguous, not empty, and within the limit."""
    from gcm_align.catalogue import load_catalogue

    read = made_reading(load_catalogue(), " ".join(words))
    evidence = maker(quote_words=7).make(read, 1, 0, 0, Level.PARTIAL, ())
    assert evidence.quote in read.document.text
    assert 1 <= len(evidence.quote.split()) <= 7


@pytest.mark.parametrize(("words", "expected"), [("of to in", 0), ("licensing licences", 1)])
def test_stems_are_of_longer_words(words: str, expected: int) -> None:
    assert len(stems(words)) in {expected, expected + 1}
