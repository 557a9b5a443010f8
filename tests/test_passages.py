from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import factories
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gcm_align.linguistics import load_pipeline
from gcm_align.passages import cut_passages, sentence_ranges
from gcm_align.reading import read_document
from gcm_align.settings import Settings
from gcm_align.types import LIVE_KINDS, Block, BlockKind, Document, Passage, Quality, Span

if TYPE_CHECKING:
    from spacy.language import Language

_VOCABULARY = """
the Minister shall may workers migrants permit No. Art. 12 3.1 (a) (b) (ii) and, or; law: abroad.
rights! ensure e.g. protection\u2014 « children » U.S. 40% Sec.
"""
WORDS = st.sampled_from(_VOCABULARY.split())
TEXTS = st.lists(WORDS, min_size=1, max_size=260).map(" ".join)
CELLS = st.lists(TEXTS, min_size=1, max_size=4)


@cache
def english() -> Language:
    return load_pipeline("en")


def made(parts: list[tuple[BlockKind, list[str], str]]) -> Document:
    """Return a document of blocks; each piece of a block has its span and its page."""
    text = ""
    blocks: list[Block] = []
    for page, (kind, pieces, lead_in) in enumerate(parts, start=1):
        start = len(text) + 2 if blocks else 0
        joint = "\n" if kind is BlockKind.TABLE_ROW else " "
        spans, at = [], start
        for number, piece in enumerate(pieces):
            spans.append(Span(page=page + number, start=at, end=at + len(piece)))
            at += len(piece) + 1
        own = joint.join(pieces)
        text += ("\n\n" if blocks else "") + own
        blocks.append(
            Block(page=page, start=start, end=start + len(own), kind=kind, spans=tuple(spans),
                  lead_in=lead_in, section=("Part I",),
                  columns=("",) * len(spans) if kind is BlockKind.TABLE_ROW else ())
        )  # fmt: skip
    return Document(
        id="doc", name="doc.txt", sha256="0" * 64, language="en", text=text, blocks=tuple(blocks),
        quality=Quality(pages=len(parts), pages_read=len(parts)), media_type="text/plain",
    )  # fmt: skip


def cut(document: Document) -> tuple[Passage, ...]:
    return cut_passages(document, english(), Settings())


DOCUMENTS = st.lists(
    st.tuples(st.sampled_from(list(BlockKind)), CELLS, st.sampled_from(["", "The State shall:"])),
    min_size=1,
    max_size=5,
).map(made)


@settings(max_examples=150, deadline=None)
@given(DOCUMENTS)
def test_passages_are_cut_from_the_text(document: Document) -> None:
    """Offsets give the text back, spans lie within, nothing overlaps, no live word is lost."""
    passages = cut(document)
    assert [p.index for p in passages] == list(range(len(passages)))
    for passage in passages:
        assert document.text[passage.start : passage.end] == passage.text == passage.text.strip()
        assert passage.spans
        assert all(passage.start <= s.start < s.end <= passage.end for s in passage.spans)
        assert passage.pages == tuple(sorted({s.page for s in passage.spans}))
        block = next(b for b in document.blocks if b.start <= passage.start < b.end)
        assert passage.end <= block.end
        assert block.kind in LIVE_KINDS
        assert passage.section == block.section
    for before, after in pairwise(passages):
        assert before.end <= after.start
    held = {i for p in passages for i in range(p.start, p.end)}
    least = Settings().min_passage_words
    for block in document.blocks:
        words = list(re.finditer(r"\S+", document.block_text(block)))
        if block.kind not in LIVE_KINDS:
            assert not held & set(range(block.start, block.end))
        elif len(words) >= least and any(c.isalpha() for c in document.block_text(block)):
            assert all(block.start + word.start() in held for word in words)


def paragraph(text: str, lead_in: str = "") -> tuple[Passage, ...]:
    return cut(made([(BlockKind.PARAGRAPH, [text], lead_in)]))


def test_one_sentence_is_one_passage() -> None:
    """A paragraph is cut at its sentences."""
    assert [p.text for p in paragraph(factories.MORE)] == [
        "Labour inspectors will visit every licensed agency once in twelve months.",
        factories.MORE.split("months. ")[1],
    ]


def test_short_sentences_join_their_neighbour() -> None:
    """Three words alone say little; they stay with the sentence that they belong to."""
    text = "This is vital. The Government shall provide shelter to every child who arrives alone."
    assert [p.text for p in paragraph(text)] == [text]


@pytest.mark.parametrize(
    "text",
    [
        "Permits under Art. 12 of Law No. 40 shall be renewed by Dr. Diallo within the year.",
        "The fee is 2.5 per cent of the wage, e.g. of a monthly wage in the building trade.",
        "The Minister (see Sec. 4. Powers) shall decide within thirty days of the request.",
    ],
)
def test_abbreviations_end_no_sentence(text: str) -> None:
    """Stops of abbreviations, numbers and brackets are no sentence ends."""
    assert sentence_ranges(text, english()) == [(0, len(text))]


@pytest.mark.parametrize("language", ["en", "fr", "es", "und"])
def test_sentences_in_other_languages(language: str) -> None:
    """Languages without a trained pipeline are cut by their stops all the same."""
    text = "Les travailleurs ont des droits selon la loi. Le ministre doit les protéger."
    ranges = sentence_ranges(text, load_pipeline(language))
    assert [text[a:b] for a, b in ranges] == [f"{s.rstrip('.')}." for s in text.split(". ")]


def test_a_long_list_in_a_sentence_is_cut_at_its_items() -> None:
    """Each item of a run-on list is a passage that carries the stem."""
    items = [f"({m}) {'measures for the protection of workers abroad ' * 4}" for m in "abcd"]
    passages = paragraph("The Ministry shall carry out: " + "; ".join(items) + ".")
    assert len(passages) >= 3
    assert all(p.lead_in == "The Ministry shall carry out:" for p in passages[1:])


def test_a_table_row_is_one_passage() -> None:
    """A row stays whole, with its columns and pages."""
    row = (BlockKind.TABLE_ROW, ["Train sixty consular officers", "Foreign Ministry", "2031"], "")
    (passage,) = cut(made([row]))
    assert passage.text == "Train sixty consular officers\nForeign Ministry\n2031"
    assert len(passage.columns) == len(passage.spans) == 3


def test_a_cross_alone_is_no_passage() -> None:
    """Blocks without letters or with two words undertake nothing."""
    assert cut(made([(BlockKind.TABLE_ROW, ["3.0%", "2.3%", "1.9%", "0.6%"], "")])) == ()
    assert cut(made([(BlockKind.PARAGRAPH, ["Annex two"], "")])) == ()


def test_a_short_item_counts_with_its_lead_in() -> None:
    """An item of two words is a clause once the words above it are known."""
    (passage,) = cut(made([(BlockKind.LIST_ITEM, ["(a) shelter;"], "Victims are entitled to:")]))
    assert passage.lead_in == "Victims are entitled to:"


def test_passages_of_a_pdf(tmp_path: Path) -> None:
    """From the file to passages: no head, number or heading; pages and section are kept."""
    document = read_document(factories.policy(tmp_path / "policy.pdf"), settings=Settings())
    passages = cut(document)
    text = " ".join(p.text for p in passages)
    assert "National Migration Plan" not in text
    assert "Service centres" not in text
    assert passages[2].pages == (1, 2)
    assert passages[2].section == ("1. Protection of workers", "1.1 Service centres")
    assert {box.page for box in passages[2].boxes} == {1, 2}
