"""The reader and plain pdfplumber against pages that were read by eye, in one table.

    python scripts/measure_layout.py ../shared/documents [--half open|sealed]

What is counted, on the pages of tests/truth (its README says how they were written):

* heading F1: 2 x agreed / (headings of the truth + headings of the reader); a heading agrees
  where its letters do. Plain text has no headings: there a heading is guessed as a line of
  at most 12 words that starts with a capital or a figure and ends in no ``. , ; :``.
* levels: of neighbouring headings that agree, the share that go up, down or stay alike.
* order: of neighbouring units that were both found, the share where the first ends before
  the second begins. Running matter, charts and labels of merged cells are left out.
* whole: units whose letters stand together, unbroken by anything else.
* row recall: rows that are one unit of the reader, with all letters in order (labels of
  merged cells may stand before). In plain text a row counts where its letters stand together.
* running: heads, feet and page numbers that are in no live text; and of the letters of live
  text, the share taken away with them.

The interval holds 95 % of 1,000 draws of as many pages, with replacement.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Iterable
from pathlib import Path

import pdfplumber
from layout_scores import TRUTH, Piece, Tally, load_truth, score_page

from gcm_align.errors import GcmAlignError
from gcm_align.reading import read_document
from gcm_align.settings import Settings
from gcm_align.types import Document

HALVES_SEED = 20261124  # of the draw that parts pages looked at for mending from the others
DRAWS = 1000  # of pages, for the intervals
GUESSED_WORDS = 12  # in a line of plain text that may be a heading

Page = tuple[str, int]  # document, page number
Tallies = dict[Page, tuple[Tally, Tally]]  # the reader's, plain pdfplumber's

FIGURES: dict[str, Callable[[Tally], tuple[float, float]]] = {
    "heading F1": lambda t: (2 * t.agreed, t.headings + t.guessed),
    "levels": lambda t: (t.steps_right, t.steps),
    "order": lambda t: (t.ordered, t.pairs),
    "whole": lambda t: (t.whole, t.units),
    "row recall": lambda t: (t.rows_found, t.rows),
    "running": lambda t: (t.removed, t.running),
    "live lost": lambda t: (t.live_removed, t.live),
}


def half_of() -> dict[Page, str]:
    """Return of every page of the truth whether it is ``open`` to mending or ``sealed``."""
    pages = [
        (path.stem, page) for path in sorted(TRUTH.glob("*.json")) for page in load_truth(path)
    ]
    random.Random(HALVES_SEED).shuffle(pages)
    return {page: ("open", "sealed")[i >= len(pages) // 2] for i, page in enumerate(pages)}


def read_pieces(path: Path, wanted: Iterable[int]) -> dict[int, list[Piece]]:
    """Return what the reader finds on some pages of a document; nothing if it cannot read it."""
    try:
        return pieces_of(read_document(path, settings=Settings()), wanted)
    except GcmAlignError:  # a scan, where no OCR is at hand
        return {number: [] for number in wanted}


def pieces_of(document: Document, wanted: Iterable[int]) -> dict[int, list[Piece]]:
    """Return what stands on some pages of a document: the part of each block that does."""
    pages: dict[int, list[Piece]] = {number: [] for number in wanted}
    for block in document.blocks:
        for number in sorted({span.page for span in block.spans} & pages.keys()):
            spans = [document.text[s.start : s.end] for s in block.spans if s.page == number]
            piece = Piece(kind=str(block.kind), text=" ".join(spans), level=block.level)
            pages[number].append(piece)
    return pages


def plain_pieces(path: Path, wanted: Iterable[int]) -> dict[int, list[Piece]]:
    """Return the lines that plain pdfplumber finds, with headings guessed from their look."""
    with pdfplumber.open(path, pages=sorted(wanted)) as pdf:
        texts = {page.page_number: page.extract_text().splitlines() for page in pdf.pages}
    return {
        number: [Piece(kind=("paragraph", "heading")[_looks_titled(ln)], text=ln) for ln in lines]
        for number, lines in texts.items()
    }


def _looks_titled(line: str) -> bool:
    starts = line[:1].isupper() or line[:1].isdigit()
    short = len(line.split()) <= GUESSED_WORDS and sum(c.isalpha() for c in line) >= 3
    return starts and short and line[-1] not in ".,;:"


def measure(path: Path) -> Tallies:
    """Score both readers on the pages of the truth of one document."""
    truth = load_truth(TRUTH / f"{path.stem}.json")
    ours, plain = read_pieces(path, truth), plain_pieces(path, truth)
    return {
        (path.stem, page): (
            score_page(units, ours[page]),
            score_page(units, plain[page], plain=True),
        )
        for page, units in truth.items()
    }


def total(tallies: Iterable[Tally]) -> Tally:
    """Sum the counts of pages."""
    result = Tally()
    for tally in tallies:
        result += tally
    return result


def share(name: str, tally: Tally) -> float | None:
    """Return a figure of the table in [0, 1], or None where there is nothing to count."""
    over, under = FIGURES[name](tally)
    return over / under if under else None


def interval(name: str, tallies: list[Tally]) -> tuple[float, float]:
    """Return the bounds that hold 95 % of draws of as many pages, with replacement."""
    draw = random.Random(HALVES_SEED)
    drawn = (share(name, total(draw.choices(tallies, k=len(tallies)))) for _ in range(DRAWS))
    values = sorted(value for value in drawn if value is not None)
    return values[int(0.025 * len(values))], values[int(0.975 * len(values)) - 1]


def print_table(tallies: Tallies) -> None:
    """Print the figures of each document, then of all with their intervals."""
    print("| pages | reader | " + " | ".join(FIGURES) + " |")
    print("| --- | --- |" + " ---: |" * len(FIGURES))
    names = sorted({document for document, _ in tallies})
    for name in names:
        _print_rows(name, [pair for page, pair in tallies.items() if page[0] == name])
    text = [pair for page, pair in tallies.items() if not page[0].endswith("-scanned")]
    _print_rows("with a text layer", text, bounds=True)
    _print_rows("all", list(tallies.values()), bounds=True)


def _print_rows(label: str, pairs: list[tuple[Tally, Tally]], *, bounds: bool = False) -> None:
    for which, reader in enumerate(("gcm-align", "pdfplumber")):
        own = [pair[which] for pair in pairs]
        cells = []
        for name in FIGURES:
            value = share(name, total(own))
            cell = "" if value is None else f"{value:.3f}"
            if bounds and value is not None:
                low, high = interval(name, own)
                cell += f" ({low:.3f}-{high:.3f})"
            cells.append(cell)
        print(f"| {label} ({len(pairs)}) | {reader} | " + " | ".join(cells) + " |", flush=True)


def main() -> None:
    """Measure the documents of a folder and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="where the documents of tests/truth stand")
    parser.add_argument("--half", choices=("open", "sealed"), help="measure one half of the pages")
    options = parser.parse_args()
    tallies: Tallies = {}
    for path in sorted(TRUTH.glob("*.json")):
        tallies |= measure(options.folder / f"{path.stem}.pdf")
    halves = half_of()
    print_table({p: t for p, t in tallies.items() if options.half in (None, halves[p])})


if __name__ == "__main__":
    main()
