"""XML without surprises: no entities, no network, no document type of another's making.

The one place where lxml parses XML. The text is decoded here, so that a declaration of
entities cannot hide in an encoding that the check below does not see.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from lxml import etree

from gcm_align.errors import CorruptFileError

Element = etree._Element  # the name that lxml's own types give it

_DECLARATION = re.compile(r"^\s*<\?xml\b[^>]*?\?>", re.IGNORECASE)
_ENCODING = re.compile(rb"^\s*<\?xml\b[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']", re.I)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Supersets of ASCII, in which "<!ENTITY" is written as it is read. UTF-7 is none.
_ENCODINGS = re.compile(r"utf-?8|us-ascii|iso-?8859-\d{1,2}|windows-125\d|cp125\d", re.IGNORECASE)


def parse_xml(data: bytes, name: str) -> Element:
    """
    Return the root of an XML text.

    Raises:
        CorruptFileError: It is not well-formed, declares entities, or is in an encoding in
            which that could not be seen.
    """
    text = _DECLARATION.sub("", _decoded(data, name), count=1)
    if "<!ENTITY" in text:
        raise CorruptFileError(
            "The XML declares entities",
            value=name,
            expected="XML whose text is all in the file; entities can fetch or flood",
            hint="Save it without a document type declaration.",
        )
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False,
        remove_comments=True, remove_pis=True, huge_tree=False,
    )  # fmt: skip
    try:
        root = etree.fromstring(text.encode("utf-8", "surrogatepass"), parser)
    except (etree.XMLSyntaxError, ValueError, UnicodeError) as error:
        raise _corrupt(name, str(error)) from error
    if root is None:
        raise _corrupt(name, "it has no element")
    return root


def local(element: Element) -> str:
    """Return an element's name without its namespace, empty for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def value(element: Element | None, name: str, default: str = "") -> str:
    """Return an attribute by its name without namespace, which editions of formats change."""
    if element is None:
        return default
    for key, own in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(own)
    return default


def child(element: Element | None, name: str) -> Element | None:
    """Return the first child of a name, without namespace."""
    if element is None:
        return None
    return next((own for own in element if local(own) == name), None)


def children(element: Element | None, name: str) -> list[Element]:
    """Return the children of a name, without namespace."""
    return [] if element is None else [own for own in element if local(own) == name]


def descendants(element: Element, *names: str) -> Iterator[Element]:
    """Iterate over what stands below an element and has one of the names."""
    return (own for own in element.iterdescendants() if local(own) in names)


def whole(text: str, default: int = 0) -> int:
    """Return a whole number that a file gives, or the default where it is none in bounds."""
    # Nobody counts to a million; a hostile file must not make int() print or loop for long.
    return int(text) if re.fullmatch(r"-?[0-9]{1,6}", text.strip()) else default


def _decoded(data: bytes, name: str) -> str:
    encoding = next((own for bom, own in _BOMS if data.startswith(bom)), "")
    if not encoding:
        declared = _ENCODING.match(data[:200])
        encoding = declared.group(1).decode("ascii") if declared else "utf-8"
        if not _ENCODINGS.fullmatch(encoding):
            raise _corrupt(name, f"its encoding {encoding} is not read")
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise _corrupt(name, str(error)) from error


def _corrupt(name: str, reason: str) -> CorruptFileError:
    return CorruptFileError(
        "The XML cannot be read",
        value=f"{name} ({' '.join(reason.split())[:200]})",
        expected="well-formed XML in UTF-8 or another common encoding",
        hint="Download or export it again.",
    )
