"""Small Word files, OpenDocument texts and archives, written by hand for the tests."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from gcm_align.reading import read_document
from gcm_align.reading.sandbox import texts_apart
from gcm_align.settings import Settings
from gcm_align.types import Document, Span

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
CLAUSE = "The Ministry of Labour shall open service centres for migrant workers."


def archive(members: Mapping[str, str | bytes]) -> bytes:
    """Return a ZIP file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as container:
        for name, data in members.items():
            container.writestr(name, data)
    return buffer.getvalue()


def word(body: str, **parts: str) -> bytes:
    """Return a Word file with a body and parts (styles, numbering, footnotes, header) of XML."""
    kinds = {"header": "hdr", "footer": "ftr"}
    relations = "".join(
        f'<Relationship Id="{name}" Type="{RELATION}/{name}" Target="{name}.xml"/>'
        for name in parts
        if name != "title"
    )
    core = (
        '<c:coreProperties xmlns:c="x" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{parts.pop('title', '')}</dc:title></c:coreProperties>"
    )
    members = {
        f"word/{name}.xml": f'<w:{kinds.get(name, name)} xmlns:w="{WORD}">{text}'
        f"</w:{kinds.get(name, name)}>"
        for name, text in parts.items()
    }
    main = f'<Relationship Id="r1" Type="{RELATION}/officeDocument" Target="word/document.xml"/>'
    named = f'<Relationship Id="r2" Type="{PACKAGE}/metadata/core-properties" Target="core.xml"/>'
    return archive(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": f'<Relationships xmlns="{PACKAGE}">{main}{named}</Relationships>',
            "core.xml": core,
            "word/_rels/document.xml.rels": f'<Relationships xmlns="{PACKAGE}">{relations}'
            "</Relationships>",
            "word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body>'
            "</w:document>",
            **members,
        }
    )


def p(text: str, style: str = "", number: tuple[int, int] | None = None) -> str:
    """Return a paragraph of a Word file; ``number`` is list and level."""
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    if number is not None:
        properties += (
            f'<w:numPr><w:ilvl w:val="{number[1]}"/><w:numId w:val="{number[0]}"/></w:numPr>'
        )
    runs = text if text.startswith("<") else f"<w:r><w:t>{text}</w:t></w:r>"
    return f"<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>"


def table(rows: list[list[str]], *, header: bool = True) -> str:
    """Return a table of a Word file; a cell of "^" goes on with the one above it."""
    made = ""
    for at, row in enumerate(rows):
        mark = "<w:trPr><w:tblHeader/></w:trPr>" if header and at == 0 else ""
        made += f"<w:tr>{mark}"
        for text in row:
            below = any(text == "^" for text in (rows[at + 1] if at + 1 < len(rows) else []))
            merge = '<w:vMerge w:val="restart"/>' if below and text == row[0] else ""
            merge = "<w:vMerge/>" if text == "^" else merge
            inner = p("" if text == "^" else text)
            made += f"<w:tc><w:tcPr>{merge}</w:tcPr>{inner}</w:tc>"
        made += "</w:tr>"
    return f"<w:tbl>{made}</w:tbl>"


def open_text(body: str, styles: str = "", *, meta: str = "", edges: str = "") -> bytes:
    """Return an OpenDocument text with a body and automatic styles of XML."""
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("office", "text", "table", "style", "fo", "meta", "draw")
    )
    content = (
        f"<office:document-content {names}><office:automatic-styles>{styles}"
        f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body>"
        "</office:document-content>"
    )
    return archive(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": content,
            "styles.xml": f"<office:document-styles {names}>{edges}</office:document-styles>",
            "meta.xml": f'<office:document-meta {names} xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<office:meta>{meta}</office:meta></office:document-meta>",
        }
    )


def read(tmp_path: Path, name: str, data: bytes | str) -> Document:
    """Write a file and read it."""
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_document(path, settings=Settings())


def shape(document: Document) -> list[tuple[str, str]]:
    """Return kind and text of each block."""
    return [(block.kind.value, document.block_text(block)) for block in document.blocks]


def unverified(path: Path, document: Document) -> tuple[Span, ...]:
    """Return what the second reader, in a process of its own, does not find in the file."""
    with texts_apart(path, document, Settings()) as texts:
        return texts.unverified(document)
