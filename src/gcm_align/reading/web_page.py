"""A web page parsed, rid of its furniture: menus, banners, feet, forms and what is hidden.

Own rules, and careful ones: extractors for news keep what reads like an article, and with a
law they lose numbers of items, short sections and tables. What is left out here is counted.
"""

from __future__ import annotations

import codecs
import email
import email.policy
import re
from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree

from gcm_align.errors import CorruptFileError
from gcm_align.reading.sniffing import decode
from gcm_align.reading.xmltree import Element, local

_CHARSET = re.compile(rb"<meta\b[^>]{0,300}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{1,40})", re.I)
_HEAD = 4_096  # bytes: where a page has to declare its encoding, and some more
_NEVER = frozenset(
    {
        "script", "style", "noscript", "template", "svg", "math", "iframe", "frame", "object",
        "embed", "applet", "canvas", "audio", "video", "map", "select", "button", "textarea",
        "input", "datalist", "dialog", "head", "noframes", "del", "strike", "rt", "rp",
    }
)  # fmt: skip
_FURNITURE = frozenset({"nav", "aside", "menu"})
_EDGES = frozenset({"header", "footer"})  # of the page, where they stand in no article
_ROLES = frozenset(
    {
        "navigation", "banner", "contentinfo", "search", "complementary", "dialog", "menu",
        "alertdialog", "menubar", "toolbar", "tablist", "alert",
    }
)  # fmt: skip
_NAMED = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|menu|breadcrumbs?|side-?bar|footer|masthead|cookies?|"
    r"consent|share|sharing|social|related|newsletter|subscribe|paginat\w+|pager|skip-?link|"
    r"toolbar|banner|advert\w*|popup|modal|login|noprint|navbox|editsection|catlinks)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_KEPT = frozenset({"html", "body", "main", "article", "table", "tbody", "tr", "td", "th"})
_MOST = 0.3  # of the page's words: a wrapper called "menu-open" holds more
_MAIN_SHARE = 0.4  # of the words that are left; a main part with less is mismarked
_LINKED = 0.7  # share of letters in links, from which a list is a menu
_MENU_LINKS = 4
_MENU_WORDS = 8  # words in a link on average; headlines of laws are longer


@dataclass(slots=True, kw_only=True)
class Page:
    """A parsed page; ``main`` is the element with its content."""

    root: Element
    main: Element
    left_out: int = 0  # words of furniture
    warnings: tuple[str, ...] = ()


def parse_page(data: bytes, name: str) -> Page:
    """
    Parse a web page and take its furniture away.

    Raises:
        CorruptFileError: There is no element in it.
        UnsupportedFormatError: The bytes are no text.
    """
    data = _of_archive(data)
    text, warning = _decoded(data, name)
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        # A declaration of XML would be taken for the text's encoding.
        source = re.sub(r"^\s*<\?xml[^>]{0,200}\?>", "", text).replace("\0", "")
        root = etree.fromstring(source.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _empty(name) from error
    if root is None:
        raise _empty(name)
    warnings = [warning] if warning else []
    if any("depth" in entry.message.lower() for entry in parser.error_log):
        warnings.append("The page nests too deep: what stands deeper was not read")
    body = next((own for own in root.iter("body")), root)
    _drop(body, lambda own: local(own) in _NEVER or _is_hidden(own))
    words = _count(body)
    _drop_furniture(body, words)
    main = _main(body)
    _drop_menus(main)
    left_out = words - _count(main)
    if left_out:
        warnings.append(
            f"{left_out} of {words} words are menus, heads or feet of the page and were left out"
        )
    return Page(root=root, main=main, left_out=left_out, warnings=tuple(warnings))


def _of_archive(data: bytes) -> bytes:
    """Return the page in a file that a browser saved with its pictures (MHTML)."""
    if data.lstrip().startswith(b"<") or b"multipart/related" not in data[:_HEAD].lower():
        return data
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            found = part.get_payload(decode=True)
            charset = part.get_content_charset() or ""
            if isinstance(found, bytes):
                return f'<meta charset="{charset}">'.encode() + found if charset else found
    return data


def _decoded(data: bytes, name: str) -> tuple[str, str]:
    found = _CHARSET.search(data[:_HEAD])
    if found and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF8)):
        charset = found.group(1).decode("ascii").lower()
        # What is called Latin 1 on the web is Windows-1252 (WHATWG Encoding, 4.2).
        charset = {"iso-8859-1": "cp1252", "latin1": "cp1252"}.get(charset, charset)
        try:
            if codecs.lookup(charset).name not in _UNFIT:
                return data.decode(charset).replace("\r\n", "\n"), ""
        except (LookupError, UnicodeError, ValueError):
            pass  # the declaration is wrong; the bytes tell
    return decode(data, name)


# Declared in letters of one byte, so it cannot be one of these; the others are no encodings.
_UNFIT = frozenset(
    {
        "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "utf-7", "idna",
        "punycode", "unicode_escape", "raw_unicode_escape", "base64", "bz2", "hex", "quopri",
        "rot13", "uu", "zlib", "undefined", "mbcs", "oem",
    }
)  # fmt: skip


def _is_hidden(own: Element) -> bool:
    return (
        "hidden" in own.attrib
        or own.get("aria-hidden") == "true"
        or bool(_HIDDEN.search(own.get("style") or ""))
    )


def _count(element: Element) -> int:
    return len(" ".join(map(str, element.itertext())).split())


def _drop(body: Element, unwanted: Callable[[Element], bool]) -> None:
    """Take elements out of a tree; the text behind each stays."""
    for own in [own for own in body.iterdescendants() if isinstance(own.tag, str)]:
        if own.getparent() is not None and unwanted(own):
            _cut(own)


def _cut(own: Element) -> None:
    parent = own.getparent()
    assert parent is not None
    before = own.getprevious()
    tail = " " + (own.tail or "")
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(own)


def _drop_furniture(body: Element, words: int) -> None:
    def unwanted(own: Element) -> bool:
        name = local(own)
        if own.get("role") in _ROLES or name in _FURNITURE:
            return True
        if name in _EDGES:
            return not any(local(up) in {"main", "article"} for up in own.iterancestors())
        label = f"{own.get('class') or ''} {own.get('id') or ''}"
        if name in _KEPT or not _NAMED.search(label):
            return False
        return _count(own) <= _MOST * words

    _drop(body, unwanted)


def _main(body: Element) -> Element:
    """Return the element that holds the content: the page's own mark for it, else the body."""
    words = _count(body)
    marked = list(body.iter("main"))
    marked += [own for own in body.iterdescendants() if own.get("role") == "main"]
    articles = list(body.iter("article"))
    marked += articles if len(articles) == 1 else []
    for own in marked:
        if _count(own) >= _MAIN_SHARE * words:
            return own
    return body


def _drop_menus(main: Element) -> None:
    """Take lists out that are links to other pages and little else."""

    def unwanted(own: Element) -> bool:
        if local(own) not in {"ul", "ol", "div", "p", "table", "section"}:
            return False
        links = [link for link in own.iter("a") if link.get("href")]
        if len(links) < _MENU_LINKS or is_contents(own):
            return False
        letters = len("".join("".join(map(str, own.itertext())).split()))
        linked = [" ".join(map(str, link.itertext())) for link in links]
        inked = sum(len("".join(text.split())) for text in linked)
        average = sum(len(text.split()) for text in linked) / len(linked)
        return inked > _LINKED * letters and average <= _MENU_WORDS

    _drop(main, unwanted)


def is_contents(element: Element) -> bool:
    """Say whether a list's links lead to places on the same page: a table of contents."""
    links = [link.get("href") or "" for link in element.iter("a")]
    inner = sum(link.startswith("#") for link in links)
    if len(links) < _MENU_LINKS or inner <= _LINKED * len(links):
        return False
    letters = len("".join("".join(map(str, element.itertext())).split()))
    linked = sum(len("".join("".join(map(str, a.itertext())).split())) for a in element.iter("a"))
    return linked > _LINKED * letters


def _empty(name: str) -> CorruptFileError:
    return CorruptFileError(
        "The web page has no element",
        value=name,
        expected="an HTML page",
        hint="Save it from the browser again.",
    )
