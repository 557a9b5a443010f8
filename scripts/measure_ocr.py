"""How many words of a scanned page are read: the page of a PDF against its text typed by hand.

``python scripts/measure_ocr.py scan.pdf 12 typed.txt``. The typed text is of a real document
and stays where it is; only counts and shares are printed.
"""

from __future__ import annotations

import argparse
import io
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from gcm_align.reading import read_document
from gcm_align.settings import Settings
from gcm_align.types import BlockKind, Document

# Signs that two people type differently; words keep their letters, figures and points.
_SAME = str.maketrans({"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"'})
_DASHES = re.compile(r"[\u2010-\u2015-]+")


def words_of(text: str) -> list[str]:
    """Return the words of a text in order; dashes of any length part them."""
    return _DASHES.sub(" ", text.translate(_SAME)).split()


def accuracy(read: Sequence[str], typed: Sequence[str]) -> float:
    """Return 1 less the word error rate: edits of whole words over the words typed."""
    return 1 - Levenshtein.distance(read, typed) / len(typed)


def recall(read: Sequence[str], typed: Sequence[str]) -> float:
    """Return the share of typed words that were read, in their order."""
    kept = Levenshtein.opcodes(typed, read)
    return sum(o.src_end - o.src_start for o in kept if o.tag == "equal") / len(typed)


def one_page(pdf: Path, number: int, into: Path) -> Path:
    """Write one page (1-based) as a file of its own."""
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as whole, pypdfium2.PdfDocument.new() as copy:
        copy.import_pages(whole, pages=[number - 1])
        buffer = io.BytesIO()
        copy.save(buffer)
    path = into / "page.pdf"
    path.write_bytes(buffer.getvalue())
    return path


def page_words(document: Document, *, running: bool = True) -> list[str]:
    """Return the words of a document as read, with or without running heads and feet."""
    blocks = [b for b in document.blocks if running or b.kind is not BlockKind.RUNNING]
    return words_of(" ".join(document.text[b.start : b.end] for b in blocks))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pdf", type=Path, help="a scan")
    parser.add_argument("page", type=int, help="number of the page, 1-based")
    parser.add_argument("typed", type=Path, help="the page's text, typed from its picture")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        page = one_page(given.pdf, given.page, Path(folder))
        document = read_document(page, settings=Settings())
    typed = words_of(given.typed.read_text(encoding="utf-8"))
    read = page_words(document)
    quality = document.quality
    print(f"words typed {len(typed)}, read {len(read)}")
    print(f"words read right {recall(read, typed):.4f}, accuracy {accuracy(read, typed):.4f}")
    print(f"method {quality.method}, mean confidence {quality.ocr_confidence}")


if __name__ == "__main__":
    main()
