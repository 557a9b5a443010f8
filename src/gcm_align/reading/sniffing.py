"""What a file is, by its bytes; its name is not asked."""

from __future__ import annotations

import codecs
import io
import re
import zipfile
import zlib

from gcm_align.errors import EncryptedFileError, UnsupportedFormatError

PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
OPENDOCUMENT = "application/vnd.oasis.opendocument.text"
HTML = "text/html"
AKOMA_NTOSO = "application/akn+xml"
MARKDOWN = "text/markdown"
PLAIN = "text/plain"
ARCHIVE = "application/zip"

# How files of these formats are called, for patterns of file names; the content decides.
SUFFIXES = (
    "pdf", "docx", "odt", "html", "htm", "xhtml", "mhtml", "mht", "md", "markdown", "txt", "xml",
    "akn",
)  # fmt: skip

# What messages say is expected.
READ = "PDF, Word (DOCX), OpenDocument text, HTML, Markdown, plain text or Akoma Ntoso XML"

_HEAD = 1024  # bytes: the PDF specification lets the mark stand anywhere in the first 1,024
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0"
_FOREIGN = {
    _OLE: "an old Word, Excel or PowerPoint file",
    b"{\\rtf": "an RTF file",
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"II*\x00": "a TIFF picture",
    b"MM\x00*": "a TIFF picture",
    b"\x1f\x8b": "a gzip archive",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"Rar!": "a RAR archive",
    b"%!PS": "a PostScript file",
}
# Members that tell what a container is; their order is that of the questions.
_CONTAINERS = (
    ("xl/workbook.xml", "an Excel workbook"),
    ("ppt/presentation.xml", "a PowerPoint presentation"),
    ("META-INF/container.xml", "an EPUB book"),
)
_MIME_BYTES = 200  # of an OpenDocument's first member, which names its type
_PROLOGUE = rb"^(?:\xef\xbb\xbf)?(?:\s|<\?xml[^>]{0,200}\?>|<!--(?:[^-]|-(?!->)){0,2000}-->)*"
_HTML = re.compile(_PROLOGUE + rb"<(?:!doctype\s+html|html|head|body)\b", re.I)
_HTML_BLOCK = re.compile(rb"</(?:p|div|li|td|h[1-6])\s*>", re.IGNORECASE)
_FRAGMENT_BLOCKS = 3  # a fragment of a page has paragraphs; a line of Markdown may have one
_AKOMA = re.compile(_PROLOGUE + rb"(?:<!doctype[^>\[]*>\s*)?<(?:\w+:)?akomaNtoso\b", re.I)
_FLAT = re.compile(_PROLOGUE + rb"<office:document\b", re.IGNORECASE)
_XML = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<(?:\?xml\b|!doctype\b)", re.IGNORECASE)
_WEB_ARCHIVE = re.compile(
    rb"^(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){1,20}?(?i:content-type):\s*multipart/related\b"
)
_HEADING = re.compile(r"^#{1,6} \S", re.MULTILINE)
_TABLE = re.compile(r"^\|?[ :]*-{3,}[ :]*\|", re.MULTILINE)
_FRONT_MATTER = re.compile(r"\A---\s*\n.*?\n---\s*\n", re.DOTALL)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_MAX_CONTROLS = 0.002  # share of characters: text has none, a program 5 % and more


def media_type(data: bytes, name: str) -> str:
    """
    Return the media type of a file's content.

    Raises:
        EncryptedFileError: It is a Word file under a password.
        UnsupportedFormatError: It is of no format that is read.
    """
    head = data[:_HEAD]
    # First, for an archive may hold a PDF that is not packed, with its mark near the start.
    if data.startswith(_ZIP):
        return _container_type(data, name)
    if b"%PDF-" in head:
        return PDF
    if data.startswith(_OLE) and "EncryptedPackage".encode("utf-16-le") in data:
        raise _locked(name)
    for magic, description in _FOREIGN.items():
        if data.startswith(magic):
            raise unsupported(name, description)
    found = _marked_type(data, name)
    if found:
        return found
    text, _ = decode(data, name)
    marked = _FRONT_MATTER.match(text) or _HEADING.search(text) or _TABLE.search(text)
    return MARKDOWN if marked else PLAIN


def is_document(head: bytes, name: str) -> bool:
    """
    Say whether a file found in a folder may be a document, by the first bytes of it.

    Plain text has no mark of its own, and programs and tables are text too: there the name
    decides. What this lets pass may still be refused when it is read.
    """
    if b"%PDF-" in head[:_HEAD] or head.startswith(_ZIP):
        return True
    if any(head.startswith(magic) for magic in _FOREIGN if magic != _OLE):
        return False
    suffix = name.lower().rpartition("/")[2].rpartition(".")[2]
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return bool(_AKOMA.match(head)) or suffix in set(SUFFIXES) - {"xml"}
    return suffix in {*SUFFIXES, "doc", "docm"}


def _marked_type(data: bytes, name: str) -> str:
    """Return the type of a web page or an XML file, empty where it is neither."""
    head = data[: 4 * _HEAD]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        head = head.decode("utf-16", "ignore").encode()
    if _AKOMA.match(head) or (_XML.match(head) and b"<akomaNtoso" in head):
        return AKOMA_NTOSO
    if _FLAT.match(head):
        return OPENDOCUMENT
    if _HTML.match(head) or _WEB_ARCHIVE.match(head):
        return HTML
    if _XML.match(head):
        raise unsupported(name, "XML of a kind that is not read")
    starts = head.lstrip().startswith(b"<")
    return HTML if starts and len(_HTML_BLOCK.findall(data)) >= _FRAGMENT_BLOCKS else ""


def _container_type(data: bytes, name: str) -> str:
    """Return what a ZIP container is, by its members."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            members = set(container.namelist())
            mime = ""
            if "mimetype" in members:
                with container.open("mimetype") as stream:
                    mime = stream.read(_MIME_BYTES).decode("ascii", "replace").strip()
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError,
            RuntimeError, ValueError):  # fmt: skip
        return ARCHIVE  # whoever opens it says what is wrong with it
    if mime.startswith("application/vnd.oasis.opendocument.text"):
        return OPENDOCUMENT
    for member, description in _CONTAINERS:
        if member in members:
            raise unsupported(name, description)
    if mime.startswith("application/vnd.oasis.opendocument"):
        raise unsupported(name, "an OpenDocument file that is no text")
    folded = {member.lower() for member in members}
    return WORD if "[content_types].xml" in folded and "_rels/.rels" in folded else ARCHIVE


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
            raise unsupported(name, "bytes that are no text") from None
        warning = "The text is not UTF-8; it was read as Windows-1252: check accented letters"
    if len(_CONTROLS.findall(text)) > _MAX_CONTROLS * len(text):
        raise unsupported(name, "binary data")
    return text.replace("\r\n", "\n").replace("\r", "\n"), warning


def unsupported(name: str, description: str) -> UnsupportedFormatError:
    """Return the error of a file of a format that is not read."""
    return UnsupportedFormatError(
        "The file is of a format that is not read",
        value=f"{name} ({description})",
        expected=READ,
        hint="Save the document as PDF, DOCX or UTF-8 text, and analyse that.",
    )


def _locked(name: str) -> EncryptedFileError:
    return EncryptedFileError(
        "The Word file asks for a password",
        value=name,
        expected="a file that opens without a password",
        hint="Open it in a word processor, save a copy without a password, and analyse the copy.",
    )
