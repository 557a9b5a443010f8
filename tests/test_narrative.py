"""The narrative report as Word and PDF: real structure, safe text, the same bytes."""

from __future__ import annotations

import ast
import io
import itertools
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pikepdf
import pytest
import report_factory as make
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph as Paragraph_
from PIL import Image

import gcm_align.reporting
from gcm_align.reporting.docx_report import docx_of
from gcm_align.reporting.narrative import tell
from gcm_align.reporting.palette import TINTS
from gcm_align.reporting.pdf_report import pdf_of
from gcm_align.reporting.story import Paragraph, Picture, Story, plain
from gcm_align.types import Contradiction, Level, Report

HOSTILE = "#set page(fill: red) $x$ *b* <w:p> & \x0b \ud800 \ufffe _i_ @a https://x.y =1+1"


def small_report() -> Report:
    """Two documents with a verdict of each kind, and words that would be markup elsewhere."""
    clause = make.evidence(Level.ADDRESSED, quote=HOSTILE, section=(HOSTILE,))
    counter = make.contradicted("13.h")
    verdicts = [
        make.assessment("1.a", Level.ADDRESSED, evidence=(clause,)),
        make.assessment("1.b", None),
        make.assessment("2.a", Level.GAP),
        make.assessment("6.h", Level.OPERATIONALISED),
        counter,
        replace(counter, action="13.c", contradiction=Contradiction.TENSION),
    ]
    verdicts += [replace(item, document_id="doc-2") for item in verdicts]
    documents = (make.summary(), make.summary("doc-2", "law.pdf", title=HOSTILE))
    names = (*make.principles("doc-1"), *make.principles("doc-2"))
    return make.report(tuple(verdicts), documents, (), names)


@pytest.fixture(scope="module")
def story() -> Story:
    return tell(small_report(), make.framework())


@pytest.fixture(scope="module")
def word(story: Story) -> bytes:
    return docx_of(story)


@pytest.fixture(scope="module")
def document(word: bytes) -> Any:
    return docx.Document(io.BytesIO(word))


@pytest.fixture(scope="module")
def pdf(story: Story) -> bytes:
    return pdf_of(story)


def test_a_story_is_told_the_same_twice(story: Story) -> None:
    """Words and pictures are a function of the report alone, to the byte."""
    assert tell(small_report(), make.framework()) == story


def test_word_and_pdf_are_the_same_bytes_twice(story: Story, word: bytes, pdf: bytes) -> None:
    assert docx_of(story) == word
    assert pdf_of(story) == pdf


def test_the_word_file_carries_the_dates_of_the_run(word: bytes, document: Any) -> None:
    """No clock of the machine that made it: not in its parts, not in its properties."""
    assert document.core_properties.created.isoformat() == "2026-11-23T14:00:00+00:00"
    assert document.core_properties.modified == document.core_properties.created
    with zipfile.ZipFile(io.BytesIO(word)) as parts:
        assert {item.date_time for item in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_contents_name_every_heading_and_lead_there(document: Any, story: Story) -> None:
    """Right without being updated, and one click from page numbers; nothing asks on opening."""
    (block,) = document.element.iter(qn("w:sdt"))
    assert next(block.iter(qn("w:docPartGallery"))).get(qn("w:val")) == "Table of Contents"
    paragraphs: list[Any] = [Paragraph_(p, document) for p in block.iter(qn("w:p"))]
    entries = [p for p in paragraphs if p.style.name.startswith("toc ")]
    assert len(entries) == len(paragraphs) - 1
    heads = [p for p in document.paragraphs if p.style.name in ("Heading 1", "Heading 2")]
    linked = ["".join(str(t.text) for t in e._p.iter(qn("w:t"))) for e in entries]
    assert linked == [p.text for p in heads] == [part.text.strip() for part in story.contents]
    targets = {mark.get(qn("w:name")) for mark in document.element.iter(qn("w:bookmarkStart"))}
    anchors = [link.get(qn("w:anchor")) for link in document.element.iter(qn("w:hyperlink"))]
    assert len(set(anchors)) == len(anchors) == len(heads)
    assert set(anchors) <= targets
    codes = [code.text for code in document.element.iter(qn("w:instrText"))]
    contents = [code for code in codes if code.strip().startswith("TOC")]
    assert len(contents) == 1
    assert r"\n" not in contents[0]  # which would leave page numbers out for ever
    assert document.settings.element.find(qn("w:updateFields")) is None
    assert not any(mark.get(qn("w:dirty")) for mark in document.element.iter(qn("w:fldChar")))


def test_tables_are_tables_with_repeated_heads(document: Any) -> None:
    """Each has a head row that Word repeats, and rows that are not cut by a page."""
    assert len(document.tables) > 8
    for table in document.tables:
        first = table._tbl.tr_lst[0]
        assert first.trPr.find(qn("w:tblHeader")) is not None
        assert all(row.trPr.find(qn("w:cantSplit")) is not None for row in table._tbl.tr_lst)


def test_pictures_carry_their_words(document: Any, story: Story) -> None:
    """The alternative text of each picture says all of its numbers."""
    said = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    pictures = [part for part in story.parts if isinstance(part, Picture)]
    assert said == [picture.alt for picture in pictures]
    assert "1 Data: 1 addressed, 1 needs review" in said[3]
    for picture in pictures:
        assert Image.open(io.BytesIO(picture.png)).size[0] > 1000
        assert picture.svg.startswith(b"<?xml")
        assert b"<dc:date>" not in picture.svg


def test_no_text_of_a_document_becomes_markup(document: Any, story: Story) -> None:
    """What is markup to Word, XML or typst is printed as it stands; what XML cannot hold is not."""
    shown = "".join(t.text or "" for t in document.element.iter(qn("w:t")))
    assert "#set page(fill: red) $x$ *b* <w:p> & \ufffd \ufffd \ufffd _i_" in shown
    assert "#set page" in "".join(
        piece.text for p in story.parts if isinstance(p, Paragraph) for piece in p.pieces
    ) or any("#set page" in str(part) for part in story.parts)


def test_the_pdf_is_tagged_and_has_bookmarks(pdf: bytes, story: Story) -> None:
    """PDF/UA-1: structure, language, title, and an outline of the headings."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert opened.Root.MarkInfo.Marked
        assert str(opened.Root.Lang) == "en"
        assert opened.Root.get("/StructTreeRoot") is not None
        assert opened.open_metadata()["pdfuaid:part"] == "1"
        assert str(opened.docinfo["/Title"]) == story.title
        with opened.open_outline() as outline:
            titles = [item.title for item in outline.root]
        assert titles == [part.text for part in story.contents if part.level == 1]


def test_letters_without_a_font_do_not_stop_the_pdf(story: Story) -> None:
    """A letter that no font has: still a tagged PDF, without the claim of PDF/UA."""
    odd = Paragraph(pieces=plain("".join(map(chr, range(0x500, 0x600)))))
    with pikepdf.open(io.BytesIO(pdf_of(replace(story, parts=(odd,))))) as opened:
        assert opened.Root.MarkInfo.Marked
        assert opened.open_metadata().get("pdfuaid:part") is None


def test_contradictions_come_first(story: Story) -> None:
    """On the first page the alert stands before any figure; in a chapter before what is found."""
    texts = [getattr(part, "text", "") or getattr(part, "caption", "") for part in story.parts]
    alerts = [
        i for i, p in enumerate(story.parts) if isinstance(p, Paragraph) and p.style == "alert"
    ]
    assert alerts[0] < texts.index("Key figures")
    assert texts.index("Counter-provisions") < texts.index(
        "Gaps, with their nearest clause", texts.index("Counter-provisions")
    )


def test_a_gap_tells_its_nearest_clause_and_what_it_lacks(story: Story) -> None:
    """METHOD: no clause provides for it; nearest, with page; what it covers; consider."""
    told = " ".join(
        "".join(piece.text for piece in p.pieces) for p in story.parts if isinstance(p, Paragraph)
    )
    assert "2.a No clause in the 2 documents provides for:" in told
    assert "policy.pdf: Nearest: “Labour migration has grown steadily" in told
    assert "p. 12. It covers none of these elements." in told
    assert "fails" not in told
    assert "non-compliant" not in told


def _contrast(pair: tuple[str, str]) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    first, second = sorted(map(light, pair), reverse=True)
    return (first + 0.05) / (second + 0.05)


def test_the_palette_can_be_read_and_stays_in_order_in_grey() -> None:
    """WCAG AA for every pair; the five tints darken step by step without their colour."""
    assert all(_contrast(pair) >= 4.5 for pair in TINTS.values())
    darkness = [_contrast((TINTS[str(level)][0], "#FFFFFF")) for level in range(5)]
    assert darkness == sorted(darkness)
    assert all(b / a > 1.15 for a, b in itertools.pairwise(darkness))


RENDERERS = (
    *("docx_report", "docx_styles", "docx_tables", "docx_text", "pdf_report", "pictures"),
    *(
        "narrative",
        "narrative_back",
        "narrative_chapters",
        "narrative_figures",
        "marked_pdf",
        "marking",
    ),
    *("highlights", "story", "view", "marks", "html", "numbers"),
)


@pytest.mark.parametrize("name", RENDERERS)
def test_renderers_carry_no_english_of_their_own(name: str) -> None:
    """Every sentence for readers stands in a module of words; errors and docstrings aside."""
    path = Path(gcm_align.reporting.__file__).with_name(f"{name}.py")
    tree = ast.parse(path.read_text(encoding="utf-8"))
    apart = {id(call) for node in ast.walk(tree) for call in _apart(node)}
    sentences = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in apart
        and re.search(r"[A-Za-z]{3,} [a-z]{2,}", node.value)
        and "w:" not in node.value
    ]
    assert set(sentences) <= ALLOWED


# Names of Word's styles and of fonts, places in a figure, HTTP headers: not for readers.
ALLOWED = {
    *("List Bullet", "List Number", "Contents heading", "Report table", "After table"),
    *("outside lower center", "outside lower right", "not counted", "/Multiply gs"),
}


def _apart(node: ast.AST) -> list[ast.AST]:
    """Docstrings, and what is inside an exception."""
    if isinstance(node, ast.Raise):
        return list(ast.walk(node))
    if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and node.body:
        first = node.body[0]
        return [first.value] if isinstance(first, ast.Expr) else []
    return []


def test_the_template_of_the_pdf_carries_no_words() -> None:
    """Its text is all from the story."""
    path = Path(gcm_align.reporting.__file__).parent / "templates" / "report.typ"
    code = re.sub(r"//.*", "", path.read_text(encoding="utf-8"))
    assert re.findall(r"\[([A-Za-z][^\]]*)\]", code) == []
