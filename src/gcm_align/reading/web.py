"""Web pages (HTML, XHTML, saved archives) to drafts: the main content only."""

from __future__ import annotations

import re

from gcm_align.reading.marked import Written, finish
from gcm_align.reading.web_body import WebReader, item_numbers, note_links
from gcm_align.reading.web_page import Page, parse_page
from gcm_align.reading.xmltree import Element, local
from gcm_align.settings import Settings
from gcm_align.types import BlockKind

_TITLES = ("dc.title", "dcterms.title", "citation_title", "og:title", "eli:title")
_LANGUAGES = ("dc.language", "dcterms.language", "content-language")
_LANGUAGE = re.compile(r"^[a-z]{2}(?![a-z])", re.IGNORECASE)


def read_web(data: bytes, name: str, settings: Settings) -> Written:
    """
    Read a web page.

    Raises:
        CorruptFileError: There is no element in it.
        UnsupportedFormatError: The bytes are no text.
    """
    page = parse_page(data, name)
    reader = WebReader(page.main)
    reader.read()
    drafts = finish(reader.drafts)
    first = next((d.text for d in drafts if d.kind is BlockKind.HEADING and d.level == 1), "")
    return Written(
        drafts=drafts,
        title=first or _meta(page.root, _TITLES) or _title(page),
        language=_language(page.root),
        method="web page",
        warnings=(*page.warnings, "A web page has no pages: a place in it is its section"),
    )


def web_words(data: bytes, name: str) -> str:
    """Return the words of a page in the order of the file, for the second reader."""
    main = parse_page(data, name).main
    numbers = item_numbers(main)
    marks = note_links(main)[0]
    pieces: list[str] = []
    inside = 0  # how many marks of notes are open
    # "start" and "end" of each element; a tail belongs to what is around it.
    for event, own in _events(main):
        mark = own in marks
        if event == "start":
            inside += mark
            pieces += [numbers.get(own, ""), own.text or ""] if not inside else []
        else:
            inside -= mark
            pieces += [own.tail or ""] if not inside else []
    return " ".join(pieces)


def _events(main: Element) -> list[tuple[str, Element]]:
    from lxml import etree

    return [(str(event), own) for event, own in etree.iterwalk(main, events=("start", "end"))]


def _title(page: Page) -> str:
    found = page.root.find(".//title")
    return "" if found is None else " ".join("".join(map(str, found.itertext())).split())


def _meta(root: Element, names: tuple[str, ...]) -> str:
    found: dict[str, str] = {}
    for own in root.iter("meta"):
        key = own.get("name") or own.get("property") or own.get("http-equiv") or ""
        found.setdefault(key.lower(), " ".join((own.get("content") or "").split()))
    return next((found[name] for name in names if found.get(name)), "")


def _language(root: Element) -> str:
    said = root.get("lang") if local(root) == "html" else ""
    said = said or root.get("{http://www.w3.org/XML/1998/namespace}lang")
    found = _LANGUAGE.match((said or _meta(root, _LANGUAGES)).strip())
    return found.group().lower() if found else ""
