"""Paragraph styles of an OpenDocument text: names, outline levels, letters and page breaks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gcm_align.reading.marked import BODY_SIZE
from gcm_align.reading.xmltree import Element, child, descendants, value, whole

_DEPTH = 20  # styles on styles; a loop must end
_HEADING = re.compile(r"^heading ([1-9])$")
_BOLD = frozenset({"bold", "600", "700", "800", "900"})


@dataclass(slots=True, kw_only=True)
class OpenStyle:
    """What a style says, with what it takes from the styles below it."""

    names: tuple[str, ...] = ()  # its own and those it is based on, lower case
    outline: int = 0  # 1 the highest; 0 for text
    list_style: str = ""
    bold: bool = False
    size: float = BODY_SIZE
    breaks_before: bool = False
    breaks_after: bool = False
    hidden: bool = False


@dataclass(slots=True)
class OpenStyles:
    """The styles of a file, by family and name."""

    raw: dict[tuple[str, str], Element] = field(default_factory=dict)
    made: dict[tuple[str, str], OpenStyle] = field(default_factory=dict)

    @classmethod
    def of(cls, roots: list[Element]) -> OpenStyles:
        """Read the styles of all parts; those of the content come last."""
        styles = cls()
        for root in roots:
            for own in descendants(root, "style"):
                styles.raw[value(own, "family"), value(own, "name")] = own
            for own in descendants(root, "default-style"):
                styles.raw[value(own, "family"), ""] = own
        return styles

    def get(self, name: str, family: str = "paragraph") -> OpenStyle:
        """Return a style, that of plain text where there is none of that name."""
        key = (family, name)
        if key not in self.made:
            self.made[key] = self._make(family, name)
        return self.made[key]

    def _make(self, family: str, name: str) -> OpenStyle:
        chain: list[Element] = []
        names: list[str] = []
        while (family, name) in self.raw and len(chain) < _DEPTH:
            own = self.raw[family, name]
            chain.append(own)
            # "Heading_20_1" is how a blank is written in a name.
            names.append(name.replace("_20_", " ").lower())
            if not name:
                break
            name = value(own, "parent-style-name")
        style = OpenStyle(names=tuple(names))
        for at, own in enumerate(reversed(chain), start=1):
            _apply(style, own, last=at == len(chain))
        # LibreOffice leaves the level of its own heading styles to the outline.
        levels = (_HEADING.match(name) for name in names)
        style.outline = style.outline or next((int(own[1]) for own in levels if own), 0)
        return style


def _apply(style: OpenStyle, element: Element, *, last: bool) -> None:
    style.outline = whole(value(element, "default-outline-level"), style.outline)
    style.list_style = value(element, "list-style-name", style.list_style)
    layout = child(element, "paragraph-properties")
    before = value(layout, "break-before")
    style.breaks_before = before == "page" if before else style.breaks_before
    # Another master page starts a page; the paragraph below in style does not start one more.
    style.breaks_before = style.breaks_before or (last and bool(value(element, "master-page-name")))
    after = value(layout, "break-after")
    style.breaks_after = after == "page" if after else style.breaks_after
    letters = child(element, "text-properties")
    weight = value(letters, "font-weight")
    style.bold = weight in _BOLD if weight else style.bold
    hidden = value(letters, "display")
    style.hidden = hidden == "none" if hidden else style.hidden
    style.size = _size(value(letters, "font-size"), style.size)


def _size(text: str, below: float) -> float:
    """Return a letter size in points; a percentage is of the style below."""
    for unit, scale in (("pt", 1.0), ("%", below / 100)):
        number = text.removesuffix(unit)
        if number != text and number.replace(".", "", 1).isdecimal() and len(number) < 8:
            return round(float(number) * scale, 1)
    return below
