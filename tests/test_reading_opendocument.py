from __future__ import annotations

from pathlib import Path

from format_factory import CLAUSE, open_text, read, shape, unverified

from gcm_align.types import NO_PAGES, BlockKind

LISTS = (
    '<text:list-style style:name="L1">'
    '<text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>'
    '<text:list-level-style-number text:level="2" style:num-format="a" style:num-prefix="("'
    ' style:num-suffix=")"/></text:list-style>'
)
OUTLINE = (
    '<text:outline-style style:name="Outline"><text:outline-level-style text:level="1"'
    ' style:num-format="I" style:num-suffix="."/><text:outline-level-style text:level="2"'
    ' style:num-format="1" text:display-levels="2"/></text:outline-style>'
)


def _list(items: str, more: str = "") -> str:
    return f'<text:list text:style-name="L1" {more}>{items}</text:list>'


def _item(text: str, inner: str = "") -> str:
    return f"<text:list-item><text:p>{text}</text:p>{inner}</text:list-item>"


def test_headings_are_numbered_by_the_outline(tmp_path: Path) -> None:
    """Headings have their level, and the number that the outline counts."""
    body = "".join(
        f'<text:h text:outline-level="{level}">Heading of text</text:h>' for level in (1, 2, 2, 1)
    )
    document = read(tmp_path, "a.odt", open_text(body, OUTLINE))
    assert [(b.level, document.block_text(b).split(" Heading")[0]) for b in document.blocks] == [
        (1, "I."), (2, "I.1"), (2, "I.2"), (1, "II."),
    ]  # fmt: skip


def test_lists_count_and_go_on(tmp_path: Path) -> None:
    """Items are numbered by level; a list that goes on with another counts on."""
    inner = "<text:list><text:list-item><text:p>open centres;</text:p></text:list-item></text:list>"
    body = _list(_item("The Ministry shall:", inner)) + "<text:p>Words between the lists</text:p>"
    body += _list(_item("Second item"), 'text:continue-numbering="true"')
    document = read(tmp_path, "a.odt", open_text(body, LISTS))
    assert [text for _, text in shape(document)] == [
        "1. The Ministry shall:", "(a) open centres;", "Words between the lists", "2. Second item",
    ]  # fmt: skip
    assert document.blocks[1].lead_in == "The Ministry shall:"


def test_tables_notes_and_changes(tmp_path: Path) -> None:
    """Rows know their headers, notes stand apart, deletions are no text."""
    cells = "".join(
        f"<table:table-cell><text:p>{{{n}}}</text:p></table:table-cell>" for n in range(2)
    )
    head = cells.format("Measure", "Body")
    row = cells.format("Open twelve centres", "Ministry of Labour")
    note = (
        "<text:note><text:note-citation>7</text:note-citation><text:note-body>"
        "<text:p>See the Act.</text:p></text:note-body></text:note>"
    )
    changes = (
        '<text:tracked-changes><text:changed-region text:id="c1"><text:deletion>'
        "<text:p>Old words</text:p></text:deletion></text:changed-region></text:tracked-changes>"
    )
    body = (
        f"{changes}<text:p>{CLAUSE}{note}<text:change text:change-id='c1'/></text:p><table:table>"
        f"<table:table-header-rows><table:table-row>{head}</table:table-row>"
        f"</table:table-header-rows><table:table-row>{row}</table:table-row></table:table>"
    )
    document = read(tmp_path, "a.odt", open_text(body))
    kinds = [kind for kind, _ in shape(document)]
    assert kinds == ["paragraph", "note", "table_header", "table_row"]
    assert document.block_text(document.blocks[1]) == "7 See the Act."
    assert document.blocks[3].columns == ("Measure", "Body")
    assert "Old words" not in document.text
    assert "1 deletions" in document.quality.warnings[0]
    assert unverified(tmp_path / "a.odt", document) == ()


def test_pages_title_and_edges(tmp_path: Path) -> None:
    """Soft page breaks count pages; the title is the metadata's; heads are running matter."""
    edges = "<style:header><text:p>Republic of Norland</text:p></style:header>"
    body = f"<text:p>{CLAUSE}</text:p><text:p>Two<text:soft-page-break/> pages</text:p>"
    meta = "<dc:title>Migration Act</dc:title><dc:language>en-GB</dc:language>"
    document = read(tmp_path, "a.odt", open_text(body, meta=meta, edges=edges))
    assert (document.title, document.quality.pages, dict(document.page_labels)) == (
        "Migration Act", 2, {},
    )  # fmt: skip
    assert document.blocks[-1].kind is BlockKind.RUNNING


def test_flat_xml_is_read_too(tmp_path: Path) -> None:
    """The same text in one XML file is read, and has no pages."""
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("office", "text")
    )
    flat = (
        f"<?xml version='1.0'?><office:document {names}><office:body><office:text><text:p>{CLAUSE}"
        "</text:p></office:text></office:body></office:document>"
    )
    document = read(tmp_path, "a.fodt", flat)
    assert (document.text, document.page_labels) == (CLAUSE, {1: NO_PAGES})
