"""The words of one OpenDocument paragraph: spans, breaks, notes and frames."""

from __future__ import annotations

from dataclasses import dataclass, field

from gcm_align.reading.opendocument_styles import OpenStyle, OpenStyles
from gcm_align.reading.xmltree import Element, child, local, value

_BLANK = frozenset({"s", "tab", "line-break"})
# Alternative texts, comments, phonetic readings and what a viewer hides.
_SKIPPED = frozenset(
    {
        "annotation", "annotation-end", "title", "desc", "ruby-text", "hidden-text", "object",
        "hidden-paragraph", "script", "tracked-changes", "note-citation", "event-listeners",
    }
)  # fmt: skip
_SEEN = ("inserted", "deleted", "hidden", "comments")


@dataclass(slots=True)
class OpenPlace:
    """Where the reader stands in the file, and what it has passed."""

    page: int = 1
    paged: bool = False  # the file stores where the last layout broke pages
    changes: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_SEEN, 0))
    regions: dict[str, str] = field(default_factory=dict)  # tracked change -> its kind


@dataclass(slots=True)
class OpenWords:
    """What one paragraph holds."""

    pieces: list[tuple[int, str]] = field(default_factory=list)  # page and words on it
    notes: list[tuple[Element, str, str]] = field(default_factory=list)  # body, mark, words before
    boxes: list[Element] = field(default_factory=list)
    number: str = ""  # as the file itself gives it
    letters: int = 0
    bold: int = 0

    def add(self, page: int, text: str, *, bold: bool) -> None:
        """Add words on a page."""
        inked = sum(c.isalpha() for c in text)
        self.letters, self.bold = self.letters + inked, self.bold + inked * bold
        if self.pieces and self.pieces[-1][0] == page:
            self.pieces[-1] = (page, self.pieces[-1][1] + text)
        elif text:
            self.pieces.append((page, text))

    @property
    def text(self) -> str:
        """Return all words on one line."""
        return " ".join("".join(text for _, text in self.pieces).split())


def read_open_words(
    paragraph: Element, place: OpenPlace, styles: OpenStyles, style: OpenStyle
) -> OpenWords:
    """
    Return the words of a paragraph.

    Args:
        paragraph: A ``text:p`` or ``text:h``.
        place: Moved on where the last layout broke the page.
        styles: For the spans in it.
        style: Its own.
    """
    words = OpenWords()
    _walk(paragraph, words, place, styles, style.bold)
    return words


def _walk(
    element: Element, words: OpenWords, place: OpenPlace, styles: OpenStyles, bold: bool
) -> None:
    words.add(place.page, element.text or "", bold=bold)
    for own in element:
        _one(own, words, place, styles, bold)
        words.add(place.page, own.tail or "", bold=bold)


def _one(own: Element, words: OpenWords, place: OpenPlace, styles: OpenStyles, bold: bool) -> None:
    name = local(own)
    if name in _SKIPPED:
        place.changes["comments"] += name == "annotation"
        place.changes["hidden"] += name.startswith("hidden")
    elif name in _BLANK:
        words.add(place.page, " ", bold=False)
    elif name == "soft-page-break":
        place.page += 1
    elif name == "number":
        words.number = " ".join("".join(map(str, own.itertext())).split())
    elif name == "note":
        mark = child(own, "note-citation")
        body = child(own, "note-body")
        if body is not None:
            shown = "" if mark is None else "".join(map(str, mark.itertext())).strip()
            words.notes.append((body, shown, words.text))
    elif name == "text-box":
        words.boxes.append(own)
    elif name in {"change", "change-start"}:
        kind = place.regions.get(value(own, "change-id"), "")
        place.changes["inserted"] += kind == "insertion"
        place.changes["deleted"] += kind == "deletion"
    elif name == "span":
        style = styles.get(value(own, "style-name"), "text")
        if style.hidden:
            place.changes["hidden"] += 1
        else:
            heavy = style.bold if style.names and style.names[0] else bold
            _walk(own, words, place, styles, heavy or bold)
    else:
        _walk(own, words, place, styles, bold)
