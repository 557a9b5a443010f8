from __future__ import annotations

from pathlib import Path

from format_factory import CLAUSE, read, shape, unverified

from gcm_align.types import NO_PAGES, BlockKind

MENU = "<ul>" + "".join(f"<li><a href='/{n}'>Topic {n}</a></li>" for n in range(9)) + "</ul>"
LAW = (
    f"<h2>Part I</h2><p>{CLAUSE}</p><ol><li>The Ministry shall:<ol type=a start=2>"
    "<li>open centres;</li><li value=5>publish fees.</li></ol></li><li>Done by the State</li></ol>"
)


def _page(body: str, head: str = "") -> str:
    return f"<!doctype html><html lang=en><head>{head}</head><body>{body}</body></html>"


def test_only_the_main_content_is_read(tmp_path: Path) -> None:
    """Menus, banners, feet, hidden parts and scripts are left out, and their words counted."""
    body = (
        f"<div class='site-header nav'>{MENU}</div><form id=f><main><h1>Migration Act</h1>{LAW}"
        f"<p style='display:none'>Hidden</p></main></form><footer>Contact us</footer>"
        f"<script>alert(1)</script><div>{MENU}</div>"
    )
    document = read(tmp_path, "a.html", _page(body))
    assert document.title == "Migration Act"
    for word in ("Topic", "Contact", "Hidden", "alert"):
        assert word not in document.text
    assert "menus, heads or feet" in document.quality.warnings[0]
    assert document.page_labels == {1: NO_PAGES}


def test_items_have_the_numbers_that_a_browser_shows(tmp_path: Path) -> None:
    """Type, start and value of a list make the number; an item knows its lead-in."""
    document = read(tmp_path, "a.html", _page(LAW))
    items = [(text, b.lead_in) for (kind, text), b in zip(shape(document), document.blocks,
             strict=True) if kind == "list_item"]  # fmt: skip
    assert items == [
        ("1. The Ministry shall:", ""),
        ("b. open centres;", "The Ministry shall:"),
        ("e. publish fees.", "The Ministry shall:"),
        ("2. Done by the State", ""),
    ]
    assert unverified(tmp_path / "a.html", document) == ()


def test_tables_keep_headers_and_spans(tmp_path: Path) -> None:
    """A cell over two rows heads both; a table that places text is text."""
    rows = (
        "<thead><tr><th>Goal<th>Measure<th>Body</thead>"
        "<tr><td rowspan=2>Fair recruitment<td>Open twelve centres<td>Ministry</tr>"
        "<tr><td>Publish a register<td>Inspectorate</tr>"
    )
    placing = f"<table><tr><td>{MENU}<td>{LAW}<table>{rows}</table></table>"
    document = read(tmp_path, "a.html", _page(placing))
    found = [b for b in document.blocks if b.kind is BlockKind.TABLE_ROW]
    assert [document.block_text(b).splitlines()[-1] for b in found] == ["Ministry", "Inspectorate"]
    assert found[0].columns[-2:] == ("Measure", "Body")
    assert "open centres;" in document.text


def test_notes_are_linked_to_their_marks(tmp_path: Path) -> None:
    """A raised link to a place below is a mark; what stands there is a note of that sentence."""
    body = (
        f"<p>{CLAUSE} <sup><a href='#n1' id=r1>1</a></sup> It does so each year.</p><p>Next.</p>"
        "<ol><li id=n1>See the Act. <a href='#r1'>back</a></li></ol>"
    )
    document = read(tmp_path, "a.html", _page(body))
    assert document.block_text(document.blocks[0]) == f"{CLAUSE} It does so each year."
    notes = [b for b in document.blocks if b.kind is BlockKind.NOTE]
    assert [b.lead_in for b in notes] == [CLAUSE]


def test_a_gazette_without_marks_is_parted_by_its_lines(tmp_path: Path) -> None:
    """Articles and items after line breaks are found where nothing says heading or list."""
    body = "<b>Article 5. Permits</b><br><br>A permit is given by:<br>(a) the Ministry;<br>(b) it."
    document = read(tmp_path, "a.html", _page(body))
    assert shape(document)[0] == ("heading", "Article 5. Permits")
    assert [text for kind, text in shape(document) if kind == "list_item"] == [
        "(a) the Ministry;", "(b) it.",
    ]  # fmt: skip


def test_saved_archives_and_codings(tmp_path: Path) -> None:
    """A page saved with its pictures is read; a declared coding is used, a false one is not."""
    mhtml = (
        "From: <Saved>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/html; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
        f"<html><p>R=C3=A9publique. {CLAUSE}</p></html>\r\n--b--\r\n"
    )
    assert read(tmp_path, "a.mht", mhtml).text == f"République. {CLAUSE}"
    word = "\u03a9\u03b4\u03bf"
    greek = _page(f"<p>{word}</p>", "<meta charset=iso-8859-7>")
    assert word in read(tmp_path, "b.html", greek.encode("iso-8859-7")).text
    false = _page(f"<p>é {CLAUSE}</p>", "<meta charset=utf-16>")
    assert "é" in read(tmp_path, "c.html", false).text


def test_a_declared_language_helps_where_the_text_is_short(tmp_path: Path) -> None:
    """Few words tell no language; then the page's own word is taken."""
    assert read(tmp_path, "a.html", "<html lang=fr-CA><p>Loi</p></html>").language == "fr"


def test_a_passage_in_another_language_is_told(tmp_path: Path) -> None:
    """A long passage in French of an English page has its language, and a warning counts it."""
    french = (
        "Le ministère chargé du travail doit ouvrir dans chaque région un centre de services pour "
        "les travailleurs migrants et publier chaque année les frais de recrutement autorisés par "
        "la loi."
    )
    page = _page(f"<p>{CLAUSE} It shall publish the fees each year.</p>" * 9 + f"<p>{french}</p>")
    document = read(tmp_path, "a.html", page)
    assert [b.language for b in document.blocks] == [""] * 9 + ["fr"]
    assert "fr 1" in document.quality.warnings[-1]
