from __future__ import annotations

from pathlib import Path

import pytest
from format_factory import CLAUSE, WORD, archive, p, read, shape, table, unverified, word

from gcm_align.errors import CorruptFileError, EncryptedFileError, NotAFileError
from gcm_align.types import NO_PAGES, BlockKind

STYLES = (
    '<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="H2"><w:name w:val="heading 2"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Own"><w:name w:val="Chapter name"/>'
    '<w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="T1"><w:name w:val="toc 1"/></w:style>'
)


def _level(at: int, style: str, text: str, start: int = 1) -> str:
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="{start}"/><w:numFmt w:val="{style}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


NUMBERING = (
    '<w:abstractNum w:abstractNumId="0">'
    + _level(0, "decimal", "Article %1")
    + _level(1, "decimal", "%1.%2")
    + _level(2, "lowerLetter", "(%3)")
    + '</w:abstractNum><w:abstractNum w:abstractNumId="1">'
    + _level(0, "bullet", "\uf0b7")
    + '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
)


def test_headings_by_style_and_outline_level(tmp_path: Path) -> None:
    """Headings come from styles and outline levels, and head the sections below them."""
    body = p("Labour", "H1") + p("Recruitment", "Own") + p(CLAUSE)
    document = read(tmp_path, "a.docx", word(body, styles=STYLES))
    assert [(b.kind.value, b.level) for b in document.blocks] == [
        ("heading", 1), ("heading", 2), ("paragraph", 0),
    ]  # fmt: skip
    assert document.blocks[2].section == ("Labour", "Recruitment")


def test_numbers_are_printed_as_word_counts_them(tmp_path: Path) -> None:
    """Article 1, 1.1, (a), (b), then 1.2 and (a) again: levels count and restart."""
    levels = [0, 1, 2, 2, 1, 2, 0]
    body = "".join(p(f"Text of item {n} is here", number=(1, at)) for n, at in enumerate(levels))
    document = read(tmp_path, "a.docx", word(body, numbering=NUMBERING))
    starts = [text.split(" Text")[0] for _, text in shape(document)]
    assert starts == ["Article 1", "1.1", "(a)", "(b)", "1.2", "(a)", "Article 2"]


def test_items_know_their_lead_in(tmp_path: Path) -> None:
    """Items of a list, numbered or with bullets, are read with the sentence they complete."""
    body = p("The Ministry shall:") + p("open centres;", number=(2, 0)) + p("x y", number=(2, 0))
    document = read(tmp_path, "a.docx", word(body, numbering=NUMBERING))
    assert [b.kind.value for b in document.blocks] == ["paragraph", "list_item", "list_item"]
    assert [b.lead_in for b in document.blocks[1:]] == ["The Ministry shall:"] * 2


def test_a_table_is_read_by_rows_with_its_headers(tmp_path: Path) -> None:
    """Each body row is a unit whose cells know their column; merged cells carry over."""
    rows = [
        ["Goal", "Measure", "Body"],
        ["Fair recruitment of workers", "Open twelve centres", "Ministry of Labour"],
        ["^", "Publish a register of recruiters", "Labour Inspectorate"],
    ]
    document = read(tmp_path, "a.docx", word(table(rows) + p(CLAUSE)))
    kinds = [b.kind for b in document.blocks]
    assert kinds[0] is BlockKind.TABLE_HEADER
    found = [b for b in document.blocks if b.kind is BlockKind.TABLE_ROW]
    assert len(found) == 2
    assert found[0].columns[-2:] == ("Measure", "Body")
    assert document.block_text(found[1]).splitlines()[-1] == "Labour Inspectorate"


def test_a_table_that_only_places_text_is_text(tmp_path: Path) -> None:
    """A table of one cell is a box: its paragraphs are paragraphs."""
    document = read(tmp_path, "a.docx", word(table([[CLAUSE]], header=False) + p(CLAUSE)))
    assert shape(document) == [("paragraph", CLAUSE)] * 2


def test_notes_stand_apart_and_are_linked(tmp_path: Path) -> None:
    """A footnote is a note behind its paragraph, with the sentence that it belongs to."""
    mark = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    body = p(f"<w:r><w:t>{CLAUSE}</w:t></w:r>{mark}<w:r><w:t> It does.</w:t></w:r>") + p("Next one")
    notes = f'<w:footnote w:id="2">{p("See the Act of 2019.")}</w:footnote>'
    document = read(tmp_path, "a.docx", word(body, footnotes=notes))
    assert shape(document)[:2] == [
        ("paragraph", f"{CLAUSE} It does."), ("note", "1 See the Act of 2019."),
    ]  # fmt: skip
    assert document.blocks[1].lead_in == CLAUSE


def test_heads_feet_and_contents_are_no_body(tmp_path: Path) -> None:
    """Heads and feet are running matter, contents are contents."""
    body = p("Labour 3", "T1") + p("Labour", "H1") + p(CLAUSE)
    data = word(body, styles=STYLES, header=p("Republic of Norland"), footer=p("Page"))
    document = read(tmp_path, "a.docx", data)
    kinds = {text: kind for kind, text in shape(document)}
    assert kinds["Republic of Norland"] == kinds["Page"] == "running"
    assert kinds["Labour 3"] == "contents"


def test_tracked_changes_are_accepted_and_told(tmp_path: Path) -> None:
    """What was deleted is out, what was inserted is in, and a warning says so."""
    runs = (
        "<w:r><w:t>No employer shall </w:t></w:r><w:del><w:r><w:delText>keep</w:delText></w:r>"
        "</w:del><w:ins><w:r><w:t>retain</w:t></w:r></w:ins><w:r><w:t> a passport.</w:t></w:r>"
    )
    document = read(tmp_path, "a.docx", word(p(runs)))
    assert document.text == "No employer shall retain a passport."
    assert "1 insertions were read as text and 1 deletions" in document.quality.warnings[0]


def test_a_text_box_is_read_once(tmp_path: Path) -> None:
    """Word stores a box twice, for new and old viewers; its text comes out once."""
    box = f"<w:txbxContent>{p(CLAUSE)}</w:txbxContent>"
    both = (
        f'<w:r><mc:AlternateContent xmlns:mc="m"><mc:Choice>{box}</mc:Choice>'
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>"
    )
    document = read(tmp_path, "a.docx", word(p(both) + p("After the box")))
    assert document.text.count(CLAUSE) == 1


def test_pages_are_those_of_the_file(tmp_path: Path) -> None:
    """Rendered page breaks count pages; a paragraph over two has a span on each."""
    runs = "<w:r><w:t>The State shall</w:t></w:r><w:r><w:lastRenderedPageBreak/>"
    body = p("First page text") + p(runs + "<w:t> open centres.</w:t></w:r>")
    document = read(tmp_path, "a.docx", word(body))
    assert document.quality.pages == 2
    assert [span.page for span in document.blocks[1].spans] == [1, 2]
    assert not document.page_labels


def test_without_rendered_breaks_there_are_no_pages(tmp_path: Path) -> None:
    """A file that stores no pages says so instead of giving numbers."""
    document = read(tmp_path, "a.docx", word(p(CLAUSE)))
    assert document.page_labels == {1: NO_PAGES}


def test_the_title_is_that_of_the_metadata(tmp_path: Path) -> None:
    """The title comes from the file's properties, unless Word put its own name there."""
    assert read(tmp_path, "a.docx", word(p(CLAUSE), title="Migration Act")).title == "Migration Act"
    assert read(tmp_path, "b.docx", word(p(CLAUSE), title="Microsoft Word - x.docx")).title == "b"


def test_each_quote_is_found_by_the_second_reader(tmp_path: Path) -> None:
    """Numbers, cells and notes included, every span stands in the file as read again."""
    rows = [["Measure", "Body"], ["Open twelve centres", "Ministry of Labour"]]
    body = p("Labour", "H1") + p("open centres;", number=(1, 2)) + table(rows)
    document = read(tmp_path, "a.docx", word(body, styles=STYLES, numbering=NUMBERING))
    assert unverified(tmp_path / "a.docx", document) == ()


@pytest.mark.parametrize("before", ["<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"])
def test_entities_are_refused(tmp_path: Path, before: str) -> None:
    """XML that declares entities is corrupt, whatever they stand for."""
    text = f'{before}<w:document xmlns:w="{WORD}"><w:body>{p("&a;")}</w:body></w:document>'
    members = {"[Content_Types].xml": "", "_rels/.rels": "<R/>", "word/document.xml": text}
    with pytest.raises(CorruptFileError, match="declares entities"):
        read(tmp_path, "a.docx", archive(members))


def test_a_cut_file_and_a_locked_one_are_told_apart(tmp_path: Path) -> None:
    """A cut file is corrupt, a locked one asks for a password, a bare archive is no document."""
    with pytest.raises(CorruptFileError):
        read(tmp_path, "cut.docx", word(p(CLAUSE))[:-40])
    with pytest.raises(EncryptedFileError):
        read(tmp_path, "l.docx", b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"))
    with pytest.raises(NotAFileError):
        read(tmp_path, "a.zip", archive({"a.txt": CLAUSE}))
