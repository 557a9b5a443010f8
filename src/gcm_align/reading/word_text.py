"""The words of one Word paragraph: runs, breaks, notes and boxes, tracked changes accepted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from gcm_align.reading.word_styles import is_on
from gcm_align.reading.xmltree import Element, child, children, local, value

# Deleted or moved away by a tracked change: no text of the document as it stands.
DELETED = frozenset({"del", "moveFrom"})
INSERTED = frozenset({"ins", "moveTo"})
_BLANK = frozenset({"tab", "br", "cr", "ptab"})
_SKIPPED = frozenset(
    {"pPr", "rPr", "delText", "instrText", "delInstrText", "annotationRef", "object", "rt", "sdtPr"}
)
_SEEN = ("inserted", "deleted", "hidden", "comments")


@dataclass(slots=True)
class Place:
    """Where the reader stands in the file, and what it has passed."""

    page: int = 1
    paged: bool = False  # the file stores where the last layout broke pages
    changes: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_SEEN, 0))


@dataclass(slots=True)
class Words:
    """What one paragraph holds."""

    pieces: list[tuple[int, str]] = field(default_factory=list)  # page and words on it
    notes: list[tuple[str, str, str]] = field(default_factory=list)  # kind, id, words before
    boxes: list[Element] = field(default_factory=list)  # contents of text boxes
    letters: int = 0
    bold: int = 0  # how many of the letters are bold
    size: float = 0.0  # points, of the first run that says so

    def add(self, page: int, text: str) -> None:
        """Add words on a page."""
        if self.pieces and self.pieces[-1][0] == page:
            self.pieces[-1] = (page, self.pieces[-1][1] + text)
        else:
            self.pieces.append((page, text))

    @property
    def text(self) -> str:
        """Return all words on one line."""
        return " ".join("".join(text for _, text in self.pieces).split())


def read_words(paragraph: Element, place: Place, *, bold: bool) -> Words:
    """
    Return the words of a paragraph.

    Args:
        paragraph: A ``w:p``.
        place: Moved on where the last layout broke the page.
        bold: The paragraph's style is bold.
    """
    words = Words()
    _walk(paragraph, words, place, bold)
    return words


def _walk(element: Element, words: Words, place: Place, bold: bool) -> None:
    for own in element:
        name = local(own)
        if name in DELETED:
            place.changes["deleted"] += 1
        elif name in _SKIPPED:
            continue
        elif name == "r":
            _run(own, words, place, bold)
        elif name == "AlternateContent":
            for chosen in chosen_content(own):
                _walk(chosen, words, place, bold)
        elif name == "txbxContent":
            words.boxes.append(own)
        elif name == "t":  # of a formula, whose runs have no words of their own
            words.add(place.page, own.text or "")
        else:
            place.changes["inserted"] += name in INSERTED
            _walk(own, words, place, bold)


def _run(run: Element, words: Words, place: Place, bold: bool) -> None:
    letters = child(run, "rPr")
    if is_on(child(letters, "vanish")):
        place.changes["hidden"] += 1
        return
    own_bold = child(letters, "b")
    heavy = bold if own_bold is None else is_on(own_bold)
    size = value(child(letters, "sz"), "val")
    if not words.size and size.isdigit():
        words.size = int(size[:4]) / 2
    for own in run:
        name = local(own)
        if name == "t":
            text = own.text or ""
            inked = sum(c.isalpha() for c in text)
            words.letters, words.bold = words.letters + inked, words.bold + inked * heavy
            words.add(place.page, text)
        elif name == "lastRenderedPageBreak":
            place.page += 1
        elif name in _BLANK:
            words.add(place.page, " ")
        elif name == "noBreakHyphen":
            words.add(place.page, "-")
        elif name in {"footnoteReference", "endnoteReference"}:
            words.notes.append((name.removesuffix("Reference"), value(own, "id"), words.text))
        elif name == "commentReference":
            place.changes["comments"] += 1
        elif name not in _SKIPPED:
            wrapper = [own] if name != "AlternateContent" else chosen_content(own)
            for inner in wrapper:
                _walk(inner, words, place, heavy)


def chosen_content(alternate: Element) -> list[Element]:
    """Return one of the two forms in which Word stores the same box: never both."""
    return children(alternate, "Choice")[:1] or children(alternate, "Fallback")[:1]


def is_deleted(properties: Element | None) -> bool:
    """Say whether a tracked change deletes a row, or the mark that ends a paragraph."""
    return any(child(properties, name) is not None for name in DELETED)


def blocks(element: Element) -> Iterator[Element]:
    """Iterate over paragraphs and tables, through the wrappers that Word puts around them."""
    for own in element:
        name = local(own)
        if name in {"p", "tbl"}:
            yield own
        elif name == "AlternateContent":
            for chosen in chosen_content(own):
                yield from blocks(chosen)
        elif name not in DELETED and not name.endswith("Pr"):
            yield from blocks(own)
