"""How many words of a scanned page are read: the page of a PDF against its text typed by hand.

``python scripts/measure_ocr.py scan.pdf 12 typed.txt``. The typed text is of a real document
and stays where it is; only counts and shares are printed.
"""

from __future__ import annotations

import argparse
import difflib
import io
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

from gcm_align.reading import read_document
from gcm_align.settings import Settings

# Signs that two people type differently; words keep their letters, figures and points.
_SAME = str.maketrans({"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"'})
_DASHES = re.compile(r"[\u2010-\u2015-]+")


def words_of(text: str) -> list[str]:
    """Return the words of a text in order; dashes of any length part them."""
    return _DASHES.sub(" ", text.translate(_SAME)).split()


def compare(read: Sequence[str], typed: Sequence[str]) -> tuple[float, float]:
    """Return the share of typed words read in their order, and 1 less the word error rate."""
    matcher = difflib.SequenceMatcher(a=typed, b=read, autojunk=False)
    right = wrong = 0
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        right += i2 - i1 if tag == "equal" else 0
        wrong += max(i2 - i1, j2 - j1) if tag != "equal" else 0
    return right / len(typed), 1 - wrong / len(typed)


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


def main() -> None:
    """Print how well the page was read."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pdf", type=Path, help="a scan")
    parser.add_argument("page", type=int, help="number of the page, 1-based")
    parser.add_argument("typed", type=Path, help="the page's text, typed from its picture")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        page = one_page(given.pdf, given.page, Path(folder))
        document = read_document(page, settings=Settings())
    typed = words_of(given.typed.read_text(encoding="utf-8"))
    read = words_of(document.text)
    quality = document.quality
    print(f"words typed {len(typed)}, read {len(read)}")
    right, accuracy = compare(read, typed)
    print(f"words read right {right:.4f}, accuracy {accuracy:.4f}")
    print(f"method {quality.method}, mean confidence {quality.ocr_confidence}")


if __name__ == "__main__":
    main()
