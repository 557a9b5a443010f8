"""The reader against real national documents, where they are at hand."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import national
import pypdfium2
import pytest

from gcm_align.linguistics import load_pipeline
from gcm_align.passages import cut_passages
from gcm_align.settings import Settings
from gcm_align.types import BlockKind, Document

LEAST_RECALL = 0.99  # of PDFium's words
POLICY = "kh-labour-migration-policy-2015.pdf"
NAMES = (POLICY, "pg-organic-law-1998.pdf", "kh-gender-strategic-plan-2014.pdf")


@pytest.fixture(scope="module", params=NAMES)
def read(request: pytest.FixtureRequest, shared: Path) -> tuple[Path, Document]:
    path = shared / "documents" / str(request.param)
    return path, national.read(path)


def words(text: str) -> Counter[str]:
    """Count words; hyphens are dropped, since readers differ on those at line ends."""
    closed = re.sub(r"[-\u00ad\u2010\u2011]\s*", "", re.sub("[\x02\ufffe]\r?\n?", "", text))
    return Counter(re.findall(r"[^\W\d_]{2,}|\d+", closed.lower()))


def pdfium_words(path: Path) -> Counter[str]:
    pdf = pypdfium2.PdfDocument(path)
    found: Counter[str] = Counter()
    for page in pdf:
        text_page = page.get_textpage()
        found += words(text_page.get_text_range())
        text_page.close()
        page.close()
    pdf.close()
    return found


def test_no_word_is_lost(read: tuple[Path, Document]) -> None:
    """At least 99 % of the words that PDFium finds are in the document's text."""
    path, document = read
    wanted = pdfium_words(path)
    missing = wanted - words(document.text)
    assert 1 - missing.total() / wanted.total() >= LEAST_RECALL, missing.most_common(10)


def test_passages_are_cut_from_the_text(read: tuple[Path, Document]) -> None:
    """Offsets give the text back and nothing overlaps."""
    document = read[1]
    passages = cut_passages(document, load_pipeline(document.language), Settings())
    assert len(passages) > 200
    for passage in passages:
        assert document.text[passage.start : passage.end] == passage.text
    for before, after in pairwise(passages):
        assert before.end <= after.start


def test_the_policy_matrix(read: tuple[Path, Document]) -> None:
    """In the labour-migration policy each numbered activity of the matrix is one row."""
    path, document = read
    if path.name != POLICY:
        pytest.skip("no policy matrix of this kind")
    rows = [b for b in document.blocks if b.kind is BlockKind.TABLE_ROW and b.page >= 35]
    numbers = [found.group(1) for b in rows
               if (found := re.match(r"(\d+\.\d+)\.?\s", document.block_text(b)))]  # fmt: skip
    assert len(numbers) == len(set(numbers)) > 90
    # Themes alone are groups; every row is headed by one, and ends no sentence half-way.
    assert all(len(document.block_text(b).split()) > 5 for b in rows)
    assert all(len(b.section) >= 2 for b in rows if re.match(r"\d+\.\d", document.block_text(b)))
