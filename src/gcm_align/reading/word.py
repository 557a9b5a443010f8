"""Word files (DOCX) to drafts: the text as it stands after all tracked changes are accepted.

Own code over the parts, since python-docx gives neither the numbers that Word counts, nor
notes, nor tracked changes, nor the pages of the last layout. ECMA-376 part 1 throughout.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from dataclasses import dataclass, field

from gcm_align.errors import CorruptFileError
from gcm_align.reading.limited import check_container, open_container, read_member
from gcm_align.reading.marked import Written
from gcm_align.reading.word_body import BodyReader
from gcm_align.reading.word_styles import Numbering, Styles, named
from gcm_align.reading.xmltree import Element, children, descendants, parse_xml, value
from gcm_align.settings import Settings

_LEFTOVER = re.compile(r"microsoft word|\.docx?\b|untitled|^document\d*$", re.IGNORECASE)


@dataclass(slots=True)
class WordParts:
    """The parts of a Word file that hold or shape text; None where the file has none."""

    document: Element
    styles: Element | None = None
    numbering: Element | None = None
    footnotes: Element | None = None
    endnotes: Element | None = None
    edges: list[Element] = field(default_factory=list)  # heads and feet
    title: str = ""


def read_word(data: bytes, name: str, settings: Settings) -> Written:
    """
    Read a Word file.

    Raises:
        CorruptFileError: A part that it needs is missing or broken.
        EncryptedFileError: It asks for a password.
        LimitExceededError: It unpacks to more than the settings allow.
    """
    parts = word_parts(data, name, settings)
    reader = body_reader(parts)
    named = "" if _LEFTOVER.search(parts.title) else parts.title
    drafts, title = reader.read(parts.edges, named)
    return Written(
        drafts=drafts,
        title=title,
        pages=reader.page,
        paged=reader.paged,
        method="Word file",
        warnings=reader.warnings(),
    )


def body_reader(parts: WordParts) -> BodyReader:
    """Return a reader of the body, whose counting begins anew."""
    styles = Styles.of(parts.styles)
    return BodyReader(
        parts.document, styles, Numbering(parts.numbering, styles), parts.footnotes, parts.endnotes
    )


def word_pages(data: bytes, name: str, settings: Settings) -> list[str]:
    """Return the words of each page in the order of the file, for the second reader."""
    parts = word_parts(data, name, settings)
    return body_reader(parts).plain_pages(parts.edges)


def word_parts(data: bytes, name: str, settings: Settings) -> WordParts:
    """Return the parts of a Word file, parsed; see read_word()."""
    check_container(data, name, settings)
    with open_container(data, name, settings) as container:
        package = _Package(container, name, settings)
        place = package.target("", "officeDocument") or "word/document.xml"
        root = package.tree(place)
        if root is None or not children(root, "body"):
            raise CorruptFileError(
                "The Word file has no text part",
                value=name,
                expected="a part with the document's body",
                hint="Open it in a word processor and save it as DOCX again.",
            )
        parts = WordParts(document=root)
        parts.styles = named(package.related(place, "styles"), "styles")
        parts.numbering = named(package.related(place, "numbering"), "numbering")
        parts.footnotes = named(package.related(place, "footnotes"), "footnotes")
        parts.endnotes = named(package.related(place, "endnotes"), "endnotes")
        for kind in ("header", "footer"):
            for target in package.targets(place, kind):
                tree = package.tree(target)
                if tree is not None:
                    parts.edges.append(tree)
        core = package.related("", "core-properties")
        if core is not None:
            parts.title = " ".join(
                " ".join(map(str, t.itertext())).strip() for t in descendants(core, "title")
            )
        return parts


class _Package:
    """The members of a container and the relations between them (ECMA-376 part 2)."""

    def __init__(self, container: zipfile.ZipFile, name: str, settings: Settings) -> None:
        self._container = container
        self._name = name
        self._settings = settings
        # Word itself does not mind the case of a part's name.
        self._members = {m.filename.lower(): m for m in container.infolist()}

    def tree(self, place: str) -> Element | None:
        member = self._members.get(place.lower())
        if member is None:
            return None
        limit = self._settings.max_unpacked_bytes
        data = read_member(self._container, member, self._name, limit, "max_unpacked_bytes")
        return parse_xml(data, f"{self._name}: {place}")

    def targets(self, source: str, kind: str) -> list[str]:
        """Return the places of the parts of a kind that a part relates to."""
        folder, own = posixpath.split(source)
        relations = self.tree(posixpath.join(folder, "_rels", f"{own}.rels"))
        found: list[str] = []
        for relation in children(relations, "Relationship"):
            inside = value(relation, "TargetMode") != "External"
            if inside and value(relation, "Type").rpartition("/")[2] == kind:
                target = value(relation, "Target")
                # A place outside the container is no member of it, so it is not found.
                place = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}"
                found.append(posixpath.normpath(place).lstrip("/"))
        return found

    def target(self, source: str, kind: str) -> str:
        return next(iter(self.targets(source, kind)), "")

    def related(self, source: str, kind: str) -> Element | None:
        place = self.target(source, kind)
        return self.tree(place) if place else None
