"""What a file is, by its bytes; its name is not asked."""

from __future__ import annotations

import codecs
import re

from gcm_align.errors import UnsupportedFormatError

PDF = "application/pdf"
MARKDOWN = "text/markdown"
PLAIN = "text/plain"

_HEAD = 1024  # bytes: the PDF specification lets the mark stand anywhere in the first 1,024
_FOREIGN = {
    b"PK\x03\x04": "a ZIP container, such as a Word or OpenDocument file",
    b"\xd0\xcf\x11\xe0": "an old Word, Excel or PowerPoint file",
    b"{\\rtf": "an RTF file",
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"II*\x00": "a TIFF picture",
    b"MM\x00*": "a TIFF picture",
    b"\x1f\x8b": "a gzip archive",
    b"%!PS": "a PostScript file",
}
_HTML = re.compile(rb"^\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html|head|body)\b", re.I)
_HEADING = re.compile(r"^#{1,6} \S", re.MULTILINE)
_TABLE = re.compile(r"^\|?[ :]*-{3,}[ :]*\|", re.MULTILINE)
_FRONT_MATTER = re.compile(r"\A---\s*\n.*?\n---\s*\n", re.DOTALL)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_MAX_CONTROLS = 0.002  # share of characters: text has none, a program 5 % and more


def media_type(data: bytes, name: str) -> str:
    """
    Return the media type of a file's content.

    Raises:
        UnsupportedFormatError: It is neither a PDF nor text.
    """
    if b"%PDF-" in data[:_HEAD]:
        return PDF
    for magic, description in _FOREIGN.items():
        if data.startswith(magic):
            raise _unsupported(name, description)
    if _HTML.match(data[:_HEAD]):
        raise _unsupported(name, "an HTML page")
    text, _ = decode(data, name)
    marked = _FRONT_MATTER.match(text) or _HEADING.search(text) or _TABLE.search(text)
    return MARKDOWN if marked else PLAIN


def decode(data: bytes, name: str) -> tuple[str, str]:
    r"""
    Decode text: UTF-8, UTF-16 with a byte order mark, else Windows-1252 with a warning.

    Returns:
        The text with line ends as ``\n``, and a warning (empty where all is well).

    Raises:
        UnsupportedFormatError: The bytes are no text in any of these.
    """
    warning = ""
    try:
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            text = data.decode("utf-16")
        else:
            text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError:
            raise _unsupported(name, "bytes that are no text") from None
        warning = "The text is not UTF-8; it was read as Windows-1252: check accented letters"
    if len(_CONTROLS.findall(text)) > _MAX_CONTROLS * len(text):
        raise _unsupported(name, "binary data")
    return text.replace("\r\n", "\n").replace("\r", "\n"), warning


def _unsupported(name: str, description: str) -> UnsupportedFormatError:
    return UnsupportedFormatError(
        "The file is of a format that is not read",
        value=f"{name} ({description})",
        expected="PDF, Markdown or plain text",
        hint="Save the document as PDF or as UTF-8 text, and analyse that.",
    )
