"""OpenDocument texts (ODT, OTT and flat XML) to drafts.

Own code over the parts: odfdo, the kept library, gives neither counted numbers nor pages,
and its element classes would have to be walked all the same.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field

from gcm_align.errors import CorruptFileError
from gcm_align.reading.limited import check_container, open_container, read_member
from gcm_align.reading.marked import Written
from gcm_align.reading.opendocument_body import OpenBodyReader
from gcm_align.reading.opendocument_lists import Lists
from gcm_align.reading.opendocument_styles import OpenStyles
from gcm_align.reading.xmltree import Element, child, descendants, parse_xml
from gcm_align.settings import Settings

_CONTAINER = b"PK"


@dataclass(slots=True)
class _Parts:
    text: Element
    roots: list[Element]  # where styles are
    title: str = ""
    language: str = ""
    edges: list[Element] = field(default_factory=list)  # heads and feet


def read_opendocument(data: bytes, name: str, settings: Settings) -> Written:
    """
    Read an OpenDocument text.

    Raises:
        CorruptFileError: A part that it needs is missing or broken.
        EncryptedFileError: It asks for a password.
        LimitExceededError: It unpacks to more than the settings allow.
    """
    parts = _parts(data, name, settings)
    reader = _reader(parts)
    drafts, title = reader.read(parts.edges, parts.title)
    return Written(
        drafts=drafts,
        title=title,
        language=parts.language,
        pages=reader.page,
        paged=reader.paged,
        method="OpenDocument text",
        warnings=reader.warnings(),
    )


def opendocument_pages(data: bytes, name: str, settings: Settings) -> list[str]:
    """Return the words of each page in the order of the file, for the second reader."""
    parts = _parts(data, name, settings)
    return _reader(parts).plain_pages(parts.edges)


def _reader(parts: _Parts) -> OpenBodyReader:
    return OpenBodyReader(parts.text, OpenStyles.of(parts.roots), Lists(parts.roots))


def _parts(data: bytes, name: str, settings: Settings) -> _Parts:
    if data.startswith(_CONTAINER):
        content, others = _unpacked(data, name, settings)
    else:
        content, others = parse_xml(data, name), []
    text = child(child(content, "body"), "text")
    if text is None:
        raise _textless(name)
    roots = [*others, content]
    parts = _Parts(text=text, roots=roots)
    for root in roots:
        for meta in (own for own in root if _is_meta(own)):
            parts.title = _words(meta, "title")
            parts.language = _words(meta, "language")[:2].lower()
        parts.edges += list(descendants(root, "header", "footer", "header-first", "footer-first"))
    return parts


def _words(meta: Element, name: str) -> str:
    words = ["".join(map(str, own.itertext())) for own in descendants(meta, name)]
    return " ".join(" ".join(words).split())


def _is_meta(element: Element) -> bool:
    return isinstance(element.tag, str) and element.tag.endswith("}meta")


def _unpacked(data: bytes, name: str, settings: Settings) -> tuple[Element, list[Element]]:
    """Return the content, and the other parts that matter here."""
    check_container(data, name, settings)
    with open_container(data, name, settings) as container:
        members = {m.filename: m for m in container.infolist()}

        def tree(place: str) -> Element | None:
            member: zipfile.ZipInfo | None = members.get(place)
            if member is None:
                return None
            room = settings.max_unpacked_bytes
            raw = read_member(container, member, name, room, "max_unpacked_bytes")
            return parse_xml(raw, f"{name}: {place}")

        content = tree("content.xml")
        if content is None:
            raise _textless(name)
        others = [own for own in (tree("styles.xml"), tree("meta.xml")) if own is not None]
    return content, others


def _textless(name: str) -> CorruptFileError:
    return CorruptFileError(
        "The OpenDocument file has no text part",
        value=name,
        expected="a part content.xml with office:text, not under a password",
        hint="Open it in a word processor and save it as ODT again, without a password.",
    )
