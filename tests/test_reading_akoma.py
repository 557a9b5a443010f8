from __future__ import annotations

from pathlib import Path

import pytest
from format_factory import read, shape, unverified

from gcm_align.errors import CorruptFileError
from gcm_align.types import NO_PAGES, Document

SPACE = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
META = (
    '<meta><identification><FRBRExpression><FRBRlanguage language="{}"/></FRBRExpression>'
    "</identification></meta>"
)
SECTION = (
    "<section><num>12.</num><heading>Permits</heading><subsection><num>(1)</num><intro>"
    "<p>The Ministry shall:</p></intro><paragraph><num>(a)</num><content><p>open centres; and</p>"
    "</content></paragraph><wrapUp><p>in each province.</p></wrapUp></subsection></section>"
)


def act(tmp_path: Path, body: str, before: str = "", language: str = "eng") -> Document:
    """Read an act with a body of raw XML."""
    text = f"{META.format(language)}{before}<body>{body}</body>"
    return read(tmp_path, "a.xml", f'<akomaNtoso xmlns="{SPACE}"><act>{text}</act></akomaNtoso>')


def test_a_clause_is_cited_as_a_lawyer_would(tmp_path: Path) -> None:
    """The hierarchy gives headings, a path, and the citation of each clause."""
    part = f"<part><num>Part II</num><heading>Measures</heading>{SECTION}</part>"
    document = act(tmp_path, part)
    assert [(b.kind.value, b.section[-1:]) for b in document.blocks] == [
        ("heading", ()),
        ("heading", ("Part II Measures",)),
        ("list_item", ("Section 12(1)",)),
        ("list_item", ("Section 12(1)(a)",)),
        ("paragraph", ("Section 12(1)",)),
    ]
    assert document.blocks[3].section[:2] == ("Part II Measures", "12. Permits")
    assert document.blocks[3].lead_in == "The Ministry shall:"
    assert document.block_text(document.blocks[3]) == "(a) open centres; and"
    assert (document.page_labels, document.language) == ({1: NO_PAGES}, "en")
    assert unverified(tmp_path / "a.xml", document) == ()


@pytest.mark.parametrize(
    ("language", "number", "cited"),
    [("fra", "Article 3", "Article 3(2)"), ("spa", "3.", "Artículo 3(2)")],
)
def test_articles_are_cited_in_their_language(
    tmp_path: Path, language: str, number: str, cited: str
) -> None:
    """A number that names its article is cited as it stands; another gets the word for it."""
    body = (
        f"<article><num>{number}</num><paragraph><num>2.</num><content><p>Texte de loi</p>"
        "</content></paragraph></article>"
    )
    document = act(tmp_path, body, language=language)
    assert document.blocks[-1].section[-1] == cited


def test_preamble_notes_and_tables_stand_where_they_belong(tmp_path: Path) -> None:
    """Recitals are of the preamble, notes are linked, tables are read by rows."""
    before = (
        "<preamble><recital><num>(1)</num><p>Whereas the Republic is a party<authorialNote "
        'marker="1"><p>Since 2019.</p></authorialNote> to it,</p></recital></preamble>'
    )
    body = (
        "<section><num>1</num><content><table><tr><th>Body</th><th>Duty</th></tr><tr>"
        "<td>Inspectorate</td><td>Inspect employers</td></tr></table></content></section>"
    )
    document = act(tmp_path, body, before)
    kinds = [kind for kind, _ in shape(document)]
    assert kinds == ["list_item", "note", "paragraph", "table_header", "table_row"]
    assert document.blocks[0].section == ("Preamble",)
    assert document.blocks[1].lead_in.endswith("Republic is a party")
    assert document.blocks[4].section == ("Section 1",)


def test_quoted_provisions_belong_to_the_act_that_amends(tmp_path: Path) -> None:
    """A section that an amending act quotes is text of that act, not a section of it."""
    inner = "<section><num>5A</num><content><p>New words</p></content></section>"
    quoted = f"<quotedStructure>{inner}</quotedStructure>"
    body = f"<section><num>2</num><content><p>Insert <mod>{quoted}</mod></p></content></section>"
    document = act(tmp_path, body)
    assert [b.section for b in document.blocks] == [("Section 2",)] * 2
    assert "5A New words" in document.text


def test_entities_are_refused(tmp_path: Path) -> None:
    """XML that declares entities is corrupt, whatever they stand for."""
    text = f'<!DOCTYPE a [<!ENTITY b "c">]><akomaNtoso xmlns="{SPACE}"><act>&b;</act></akomaNtoso>'
    with pytest.raises(CorruptFileError, match="declares entities"):
        read(tmp_path, "a.xml", f"<?xml version='1.0'?>{text}")
