"""Akoma Ntoso (LegalDocML, OASIS 2018) to drafts: hierarchy, citations, preamble, notes.

The XML says all of it: nothing is guessed from letters, and each block is cited by the
numbers of the elements around it.
"""

from __future__ import annotations

from gcm_align.errors import CorruptFileError
from gcm_align.reading.akoma_citing import LANGUAGES, citation, words_of
from gcm_align.reading.layout import Draft
from gcm_align.reading.marked import Written, note_draft, text_draft
from gcm_align.reading.structure import last_sentence
from gcm_align.reading.web_body import web_table
from gcm_align.reading.xmltree import Element, child, descendants, local, parse_xml, value
from gcm_align.settings import Settings
from gcm_align.types import BlockKind

_MAJOR = frozenset(
    {
        "book", "tome", "part", "subpart", "title", "subtitle", "chapter", "subchapter",
        "division", "subdivision", "article", "hcontainer", "attachment", "component",
    }
)  # fmt: skip
_MINOR = frozenset(
    {
        "section", "subsection", "rule", "subrule", "paragraph", "subparagraph", "clause",
        "subclause", "point", "item", "list", "sublist", "level", "alinea", "indent", "proviso",
        "transitional", "recital", "citation",
    }
)  # fmt: skip
_TEXTS = frozenset({"p", "block", "longTitle", "formula", "listIntroduction", "listWrapUp", "li"})
_NOTES = frozenset({"authorialNote", "note"})
_SKIPPED = frozenset({"meta", "num", "heading", "subheading", "del", "coverPage"})
_LEAD_WORDS = 60  # more of the stems above an item drowns the item
_DEEPEST = 6


def read_akoma(data: bytes, name: str, settings: Settings) -> Written:
    """
    Read an act, a bill or another document in Akoma Ntoso.

    Raises:
        CorruptFileError: It is not well-formed, declares entities, or has no text.
    """
    root = _root(data, name)
    said = value(next(descendants(root, "FRBRlanguage"), None), "language").lower()
    language = LANGUAGES.get(said, said[:2])
    reader = _Reader(language)
    reader.inside(root)
    alias = value(next(descendants(root, "FRBRalias"), None), "value")
    titles = (words_of(own) for own in descendants(root, "docTitle", "shortTitle"))
    first = next((d.text for d in reader.drafts if d.kind is BlockKind.HEADING), "")
    return Written(
        drafts=reader.drafts,
        title=next(titles, "") or " ".join(alias.split()) or first,
        language=language,
        method="Akoma Ntoso XML",
        warnings=("Legal XML has no pages: a place in it is its citation",),
    )


def akoma_words(data: bytes, name: str) -> str:
    """Return the words of a document in the order of the file, notes last."""
    root = _root(data, name)
    body: list[str] = []
    notes: list[str] = []
    _words(root, body, notes)
    return " ".join(["".join(body), *notes])


def _words(element: Element, body: list[str], notes: list[str]) -> None:
    body.append(element.text or "")
    for own in element:
        name = local(own)
        if name in _NOTES:
            notes.append(f"{value(own, 'marker')} {words_of(own)}")
        elif name not in {"meta", "del"}:
            _words(own, body, notes)
        body.append(own.tail or "")


def _root(data: bytes, name: str) -> Element:
    root = parse_xml(data, name)
    for own in root.iter():
        if isinstance(own.tag, str):
            own.tag = local(own)  # editions differ in their namespace alone
    if child(root, "meta") is None and not any(True for _ in descendants(root, "p", "block")):
        raise CorruptFileError(
            "The legal XML holds no text",
            value=name,
            expected="Akoma Ntoso with at least one paragraph",
            hint="Export it again.",
        )
    return root


class _Reader:
    """Goes through the hierarchy; each draft ends its section path with its citation."""

    def __init__(self, language: str) -> None:
        self.drafts: list[Draft] = []
        self._language = language
        self._chain: list[Element] = []  # of numbered elements around the place
        self._place = ""  # where there is no number: preamble, preface
        self._number = ""  # that the next words begin with
        self._lead = ""  # what stands before the items around the place
        self._path: list[str] = []  # headings above the place, outermost first
        self._quoted = 0  # an act that amends quotes the structure of another

    def inside(self, element: Element) -> None:
        """Read what stands in an element, in order."""
        for own in element:
            self._one(own, local(own))

    def _one(self, own: Element, name: str) -> None:
        if name in _SKIPPED or name in _NOTES or not name:
            return
        if name in _MAJOR or name in _MINOR:
            self._container(own, name)
        elif name == "table":
            self._table(own)
        elif name in _TEXTS:
            self._text(own)
        elif name == "blockList":
            self._led(own, child(own, "listIntroduction"))
        elif name in {"preamble", "preface", "conclusions"}:
            self._place, outer = name.capitalize(), self._place
            self.inside(own)
            self._place = outer
        elif name == "quotedStructure":
            self._quoted += 1
            self.inside(own)
            self._quoted -= 1
        elif name == "toc":
            for line in descendants(own, "tocItem"):
                self._add(BlockKind.CONTENTS, words_of(line))
        else:
            self.inside(own)

    def _container(self, own: Element, name: str) -> None:
        number, title = words_of(child(own, "num")), words_of(child(own, "heading"))
        depth = len(self._path)
        if not self._quoted:
            self._chain.append(own)
        heads = not self._quoted and bool(title or (name in _MAJOR and number))
        if heads:
            self._flush()
            words = " ".join(filter(None, (number, title, words_of(child(own, "subheading")))))
            self._head(words)
        else:
            # "(1)" and "(a)" together stand before the words of the first item.
            self._number = " ".join(filter(None, (self._number, number, title)))
        self._led(own, child(own, "intro"))
        self._flush()
        if heads:
            del self._path[depth:]
        if not self._quoted:
            self._chain.pop()

    def _led(self, element: Element, intro: Element | None) -> None:
        """Read an element whose parts complete an introduction, if it has one."""
        outer = self._lead
        stem = " ".join(_plain(own) for own in descendants(intro, "p")) if intro is not None else ""
        if intro is not None and not stem:
            stem = _plain(intro)
        for own in element:
            name = local(own)
            words = f"{outer} {last_sentence(stem)}".split()[-_LEAD_WORDS:] if stem else []
            # What ends a list is no item of it.
            own_words = own is intro or name in {"wrapUp", "listWrapUp"}
            self._lead = outer if own_words or not words else " ".join(words)
            self._one(own, name)
        self._lead = outer

    def _text(self, own: Element) -> None:
        words = _plain(own)
        if any(True for _ in descendants(own, "blockList", "table", "quotedStructure")):
            self._mixed(own)
        elif any(True for _ in descendants(own, "docTitle")) and self._place == "Preface":
            self._head(words)
        else:
            self._add(BlockKind.PARAGRAPH, words)
        self._take_notes(own)

    def _mixed(self, own: Element) -> None:
        """Read a paragraph that holds a list, a table or quoted provisions."""
        self._add(BlockKind.PARAGRAPH, own.text or "")
        for part in own:
            if local(part) in {"blockList", "table", "quotedStructure", "mod"}:
                if local(part) == "mod":
                    self._mixed(part)
                else:
                    self._one(part, local(part))
            elif local(part) not in _NOTES and local(part) != "del":
                self._add(BlockKind.PARAGRAPH, _plain(part))
            self._add(BlockKind.PARAGRAPH, part.tail or "")

    def _take_notes(self, own: Element) -> None:
        """Put the notes of a paragraph behind it, each with the sentence that it belongs to."""
        for note in descendants(own, *_NOTES):
            before = _before(own, note)
            text = f"{value(note, 'marker')} {words_of(note)}".strip()
            draft = note_draft(text, before, 1)
            if draft is not None:
                self._keep(draft)

    def _table(self, own: Element) -> None:
        self._flush()
        for draft in web_table(own):
            self._keep(draft)

    def _flush(self) -> None:
        """Keep a number that no words follow."""
        if self._number:
            self._add(BlockKind.PARAGRAPH, "")

    def _add(self, kind: BlockKind, words: str) -> None:
        number, self._number = self._number, ""
        text = " ".join(f"{number} {words}".split())
        draft = text_draft(kind, [(1, text)])
        if draft is None or not any(map(str.isalnum, text)):
            return
        draft.lead_in = self._lead
        if self._lead and kind is BlockKind.PARAGRAPH:
            draft.kind = BlockKind.LIST_ITEM
        self._keep(draft)

    def _head(self, words: str) -> None:
        """Add a heading; what follows stands below it until its element ends."""
        level = min(_DEEPEST, len(self._path) + 1)
        draft = text_draft(BlockKind.HEADING, [(1, words)], level=level)
        if draft is not None:
            draft.section = tuple(self._path)
            self._path.append(draft.text)
            self.drafts.append(draft)

    def _keep(self, draft: Draft) -> None:
        cited = citation(self._chain, self._language) or self._place
        draft.section = (*self._path, cited) if cited else tuple(self._path)
        self.drafts.append(draft)


def _plain(element: Element) -> str:
    """Return the words of an element without notes and what was deleted."""
    body: list[str] = []
    _words(element, body, [])
    return " ".join("".join(body).split())


def _before(element: Element, note: Element) -> str:
    """Return the words of an element that stand before a note in it."""
    found: list[str] = []

    def walk(own: Element) -> bool:
        found.append(own.text or "")
        for part in own:
            if part is note:
                return True
            if local(part) not in _NOTES and walk(part):
                return True
            found.append(part.tail or "")
        return False

    walk(element)
    return " ".join("".join(found).split())
