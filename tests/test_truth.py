"""Pages read by eye: what they are, how they are scored, and what the reader reaches."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import national
import pytest

from gcm_align.types import BlockKind

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))

import layout_scores as scores
import measure_layout
from layout_scores import Piece, Unit

FILES = sorted(scores.TRUTH.glob("*.json"))
KINDS = {str(kind) for kind in BlockKind} | {"row_label", "row_group", "figure"}
LEAST_PAGES, LEAST_DOCUMENTS = 60, 8
# A little below what was measured on 24 November 2026 (1.00, 0.80 and 0.89): one heading of
# these pages may go before the test fails, not two.
FLOORS = {
    "kh-labour-migration-policy-2015": {"heading F1": 0.93},
    "kh-gender-strategic-plan-2014": {"heading F1": 0.74},
    "pg-organic-law-1998": {"heading F1": 0.84},
}
LEAST = {"order": 0.98, "row recall": 0.95, "running": 0.98, "whole": 0.95}
MOST_LIVE_LOST = 0.005


def unit(text: str, kind: str = "paragraph", **more: object) -> Unit:
    """Return the truth of a text."""
    words, own = text.split(), scores.letters(text)
    return Unit(
        kind=kind,
        first=" ".join(words[:3]),
        last=" ".join(words[-3:]),
        words=len(words),
        letters=len(own),
        digest=scores._digest(own),
        **more,  # type: ignore[arg-type]
    )


def piece(text: str, kind: str = "paragraph", level: int = 0) -> Piece:
    return Piece(kind=kind, text=text, level=level)


def test_sixty_pages_of_eight_documents() -> None:
    """The truth is as large as promised, and no page stands in it twice."""
    pages = [(path.stem, page) for path in FILES for page in scores.load_truth(path)]
    assert len(FILES) >= LEAST_DOCUMENTS
    assert len(pages) == len(set(pages)) >= LEAST_PAGES


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_form_of_a_truth_file(path: Path) -> None:
    """Kinds are known, ends are three words at most and counts agree: structure, no text."""
    raw = json.loads(path.read_text(encoding="utf-8"))
    assert raw["document"] == f"{path.stem}.pdf"
    numbers = [page["page"] for page in raw["pages"]]
    assert numbers == sorted(set(numbers))
    for one in (u for units in scores.load_truth(path).values() for u in units):
        assert one.kind in KINDS
        assert all(0 < len(end.split()) <= 3 for end in (one.first, one.last))
        assert one.words >= max(len(one.first.split()), len(one.last.split()))
        assert one.letters >= len(scores.letters(one.first))
        assert (one.level > 0) == (one.kind == "heading")
        assert bool(one.role) == (one.kind == "running")
        assert len(one.digest) in {0, 12}


def test_a_perfect_reader_scores_one() -> None:
    """What agrees in kind, order and letters has no fault, however blanks and hyphens fall."""
    units = [
        unit("Head 2031", "running", role="head"),
        unit("1. Work", "heading", level=1),
        unit("Each centre gives free advice to workers."),
        unit("Train consuls Ministry 2031", "table_row"),
    ]
    pieces = [
        piece("1. Work", "heading", 1),
        piece("Each cen-\ntre gives free advice to workers."),
        piece("Train consuls\nMinistry\n2031", "table_row"),
        piece("HEAD 2031", "running"),
    ]
    tally = scores.score_page(units, pieces)
    shares = {name: measure_layout.share(name, tally) for name in measure_layout.FIGURES}
    assert shares.pop("live lost") == 0
    assert shares.pop("levels") is None  # one heading has no neighbour
    assert set(shares.values()) == {1.0}


def test_each_fault_lowers_its_figure() -> None:
    """Columns read across, a parted row, a lost heading and a running head in the text count."""
    units = [
        unit("Head 2031", "running", role="head"),
        unit("Work", "heading", level=1),
        unit("one two three four five six"),
        unit("seven eight nine ten eleven twelve"),
        unit("Train consuls Ministry 2031", "table_row"),
    ]
    pieces = [
        piece("Head 2031"),
        piece("Work"),
        piece("one two three seven eight nine four five six ten eleven twelve"),
        piece("Train consuls", "table_row"),
        piece("Ministry 2031", "table_row"),
    ]
    tally = scores.score_page(units, pieces)
    assert (tally.agreed, tally.headings, tally.guessed) == (0, 1, 0)
    assert (tally.rows_found, tally.rows) == (0, 1)
    assert (tally.removed, tally.running) == (0, 1)
    assert (tally.ordered, tally.pairs) == (2, 3)
    assert (tally.whole, tally.units) == (2, 4)


def test_a_label_may_stand_before_its_row() -> None:
    """A merged cell read with the first of its rows does not cost the row, another row does."""
    units = [unit("Goal one", "row_label"), unit("Train consuls 2031", "table_row")]
    with_label = scores.score_page(units, [piece("Goal one Train consuls 2031", "table_row")])
    with_other = scores.score_page(units, [piece("Train consuls 2031 Open 2032", "table_row")])
    assert (with_label.rows_found, with_other.rows_found) == (1, 0)


def test_text_taken_for_running_matter_is_seen() -> None:
    """A page number is a word of its own, and live text set aside with it is counted."""
    units = [unit("12", "running", role="page_number"), unit("Nine months of leave")]
    tally = scores.score_page(units, [piece("Nine months of leave 2012", "running")])
    assert (tally.removed, tally.running) == (0, 1)
    assert measure_layout.share("live lost", tally) == pytest.approx(21 / 17)


def test_a_foot_that_was_misread_counts_as_taken_out() -> None:
    """Of a scan, whose letters nobody can vouch for, ends nearly alike are enough; of text not."""
    true = unit("National Policy for Women in Trade 2031 to 2035", "running", role="foot")
    ours = piece("National Patlicy for Women in Trade 203l to 2035", "running")
    other = piece("National Policy for Health of the Aged 2031, 2035", "running")
    scanned = replace(true, digest="")

    def removed(of: Unit, found: Piece) -> int:
        return scores.score_page([of], [found]).removed

    assert removed(scanned, ours) == 1
    assert removed(scanned, other) == 0
    assert removed(true, ours) == 0
    assert removed(replace(scanned, words=1), ours) == 0


def test_halves_are_drawn_once_and_for_all() -> None:
    """Half of the pages is open to mending; the draw does not change from run to run."""
    halves = measure_layout.half_of()
    assert halves == measure_layout.half_of()
    assert abs(2 * list(halves.values()).count("open") - len(halves)) <= 1
    assert halves["kh-gender-strategic-plan-2014", 50] == "open"


@pytest.mark.parametrize("name", FLOORS)
def test_the_reader_keeps_what_it_reached(shared: Path, name: str) -> None:
    """On pages read by eye, headings, order, rows and running matter stay as good as measured."""
    truth = scores.load_truth(scores.TRUTH / f"{name}.json")
    document = national.read(shared / "documents" / f"{name}.pdf")
    pieces = measure_layout.pieces_of(document, truth)
    tally = measure_layout.total(scores.score_page(truth[page], pieces[page]) for page in truth)
    for figure, least in (FLOORS[name] | LEAST).items():
        reached = measure_layout.share(figure, tally)
        assert reached is None or reached >= least, (figure, reached)
    lost = measure_layout.share("live lost", tally)
    assert lost is not None
    assert lost <= MOST_LIVE_LOST
