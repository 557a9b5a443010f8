"""The narrative report as plain records, in order: what DOCX and PDF print alike.

A story holds words and pictures and no layout. ``narrative.py`` tells it; the renderers
turn each record into what their format has for it, and compute nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

CONTENTS_DEPTH = 2


class Style(StrEnum):
    """What a paragraph is to its reader."""

    BODY = "body"
    NOTE = "note"  # smaller: how to read what stands beside it
    BANNER = "banner"  # must be seen: machine suggestions, calibration
    BULLET = "bullet"
    NUMBER = "number"
    QUOTE = "quote"
    ALERT = "alert"  # a contradiction
    TERM = "term"  # a word and what it means


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run of text in one dress."""

    text: str
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading. ``anchor`` is unique in the story."""

    level: int
    text: str
    anchor: str
    new_page: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph."""

    pieces: tuple[Piece, ...]
    style: Style = Style.BODY


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell of a table; ``state`` is a key of ``marks.STATES``, a flag, or empty."""

    text: str
    state: str = ""
    bold: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table whose head is repeated on each page."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[float, ...]  # shares of the text's width; they sum to 1
    numbers: frozenset[int] = frozenset()  # columns set flush right


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A drawn figure; ``alt`` says in words all that it shows."""

    name: str  # of the file, without its ending
    caption: str
    alt: str
    png: bytes
    svg: bytes


Part = Heading | Paragraph | Table | Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryWords:
    """Words that the renderers themselves need."""

    contents: str
    page_of: str  # with {page} and {pages}
    running_head: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A whole report to print."""

    kicker: str
    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]  # on the title page: name and value
    banner: tuple[Piece, ...]
    language: str
    date: str  # of the run, ISO 8601 with time zone
    words: StoryWords
    parts: tuple[Part, ...]

    @property
    def contents(self) -> tuple[Heading, ...]:
        """The headings that a table of contents lists."""
        return tuple(p for p in self.parts if isinstance(p, Heading) and p.level <= CONTENTS_DEPTH)


def plain(text: str) -> tuple[Piece, ...]:
    """Return one run without emphasis."""
    return (Piece(text=text),)
