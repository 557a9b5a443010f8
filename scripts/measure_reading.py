"""Word recall of the reader against PDFium's own text, page by page, with what is missing.

    python scripts/measure_reading.py ../shared/documents/*.pdf --list missing.csv

A word is missing where PDFium has it more often on a page than the document's blocks, and
twice where it is the other way round. Each is explained by the first cause that holds:

* ``spacing``: its letters stand on the page, with blanks elsewhere (``labour 12``);
* ``off the page``: it lies outside the crop box, where no reader of paper can see it;
* ``other page``: it stands on the page before or after, where a parted word was closed;
* ``missing`` or ``twice``: none of these; the list says which words.
"""

from __future__ import annotations

import argparse
import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pypdfium2

from gcm_align.reading import read_document
from gcm_align.settings import Settings
from gcm_align.types import Document

HYPHENS = re.compile("[\x02\ufffe\u00ad]\r?\n?|[-\u2010\u2011]\\s*")
WORD = re.compile(r"[^\W\d_]{2,}|\d+")
CAUSES = ("spacing", "off the page", "other page")


@dataclass(slots=True)
class Counted:
    """Words of one document, and those that the two readers do not agree on, by cause."""

    words: int = 0
    lost: Counter[str] = field(default_factory=Counter)
    added: Counter[str] = field(default_factory=Counter)

    def recall(self, *, explained: bool) -> float:
        """Return the share of PDFium's words that were read; explained ones count as read."""
        lost = self.lost["missing"] if explained else self.lost.total()
        return 1 - lost / self.words if self.words else 1.0


def plain(text: str) -> str:
    """Return text as both readers should have it: ligatures open, hyphens closed."""
    return HYPHENS.sub("", unicodedata.normalize("NFKC", text)).casefold()


def words(text: str) -> Counter[str]:
    """Count the words and numbers of a plain text."""
    return Counter(WORD.findall(text))


def letters(text: str) -> str:
    """Return the letters and figures of a plain text, without anything between."""
    return re.sub(r"[\W_]", "", text)


def read_pages(document: Document) -> dict[int, str]:
    """Return the plain text of each page, from the spans of the blocks."""
    pages: dict[int, list[str]] = {}
    for block in document.blocks:
        for span in block.spans:
            pages.setdefault(span.page, []).append(document.text[span.start : span.end])
    return {number: plain("\n".join(texts)) for number, texts in pages.items()}


def pdfium_pages(path: Path) -> Iterator[tuple[str, str]]:
    """Yield of each page the plain text, and that inside the crop box."""
    pdf = pypdfium2.PdfDocument(path)
    for page in pdf:
        text_page = page.get_textpage()
        inside = text_page.get_text_bounded(*page.get_cropbox())
        yield plain(text_page.get_text_range()), plain(inside)
        text_page.close()
        page.close()
    pdf.close()


def cause(word: str, n: int, mine: str, other: str, beside: str) -> str:
    """Return why a word is in one text ``n`` times more often than in the other."""
    if letters(mine).count(word) >= letters(other).count(word):
        return CAUSES[0]
    return CAUSES[2] if words(beside)[word] >= n else ""


def measure(path: Path, rows: list[tuple[str, int, str, str, int]]) -> Counted:
    """Compare one document; add each word in dispute to ``rows``."""
    read = read_pages(read_document(path, settings=Settings()))
    result = Counted()
    for number, (whole, inside) in enumerate(pdfium_pages(path), start=1):
        own = read.get(number, "")
        wanted, found, seen = words(whole), words(own), words(inside)
        result.words += wanted.total()
        beside = read.get(number - 1, "") + "\n" + read.get(number + 1, "")
        for word, n in (wanted - found).items():
            why = cause(word, n, own, whole, beside)
            if not why and seen[word] <= found[word]:
                why = CAUSES[1]
            result.lost[why or "missing"] += n
            rows.append((path.name, number, why or "missing", word, n))
        for word, n in (found - wanted).items():
            why = CAUSES[0] if letters(whole).count(word) >= letters(own).count(word) else "twice"
            result.added[why] += n
            rows.append((path.name, number, f"+{why}", word, n))
    return result


def main() -> None:
    """Print one row for each document and one for all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--list", type=Path, help="write each word in dispute to this CSV file")
    options = parser.parse_args()
    columns = ("document", "words", "recall", "explained", "missing", *CAUSES, "twice", "+spacing")
    print("| " + " | ".join(columns) + " |")
    print("| --- |" + " ---: |" * (len(columns) - 1))
    rows: list[tuple[str, int, str, str, int]] = []
    total = Counted()
    for path in options.files:
        counted = measure(path, rows)
        total.words += counted.words
        total.lost += counted.lost
        total.added += counted.added
        print(row(path.name, counted), flush=True)
    print(row("all", total))
    if options.list:
        with options.list.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("document", "page", "cause", "word", "n"))
            writer.writerows(rows)


def row(name: str, counted: Counted) -> str:
    """Return a row of the table."""
    cells = [
        name,
        f"{counted.words}",
        f"{counted.recall(explained=False):.4%}",
        f"{counted.recall(explained=True):.4%}",
        f"{counted.lost['missing']}",
        *(f"{counted.lost[name]}" for name in CAUSES),
        f"{counted.added['twice']}",
        f"{counted.added['spacing']}",
    ]
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    main()
