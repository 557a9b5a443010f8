"""Styles and numbering of a Word file: what a paragraph is, and the number Word counts for it.

Word stores "level 2 of list 7" and counts when it draws; the rules are those of ECMA-376
part 1, 17.9 (numbering) and 17.7 (styles).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gcm_align.reading.counting import counted
from gcm_align.reading.xmltree import Element, child, children, descendants, local, value, whole

_STYLE_DEPTH = 20  # styles on styles; a loop must end
_LEVELS = 9
_FORMATS = {
    "lowerLetter": "a", "upperLetter": "A", "lowerRoman": "i", "upperRoman": "I",
    "decimalZero": "01",
}  # fmt: skip
_SILENT = frozenset({"bullet", "none"})
_OFF = frozenset({"0", "false", "off", "none"})
# Word keeps the English names of its own styles in every language.
_HEADING = re.compile(r"^(?:heading|titre|t[íi]tulo) ([1-9])$", re.IGNORECASE)


@dataclass(slots=True, kw_only=True)
class Style:
    """What a paragraph style says, with what it takes from the style below it."""

    name: str = ""
    outline: int | None = None  # 0 the highest; 9 is body text
    list_id: str = ""
    list_level: int | None = None
    bold: bool = False
    size: float = 0.0  # points


@dataclass(slots=True, kw_only=True)
class _Level:
    start: int = 1
    style: str = "decimal"
    text: str = ""
    legal: bool = False  # all numbers in Arabic figures
    restart: int | None = None  # after which level (1-based) counting starts again; 0 never


@dataclass(slots=True)
class Styles:
    """The styles of a file, by id."""

    styles: dict[str, Style] = field(default_factory=dict)
    default: str = ""

    @classmethod
    def of(cls, root: Element | None) -> Styles:
        """Read styles.xml."""
        raw = {value(own, "styleId"): own for own in children(root, "style")}
        default = next(
            (
                key
                for key, own in raw.items()
                if value(own, "type") == "paragraph" and value(own, "default") in {"1", "true"}
            ),
            "",
        )
        base = child(child(child(root, "docDefaults"), "rPrDefault"), "rPr")
        made: dict[str, Style] = {}
        for key in raw:
            style = Style(size=_size(base))
            for own in reversed(_chain(key, raw)):
                _apply(style, own)
            style.name = value(child(raw[key], "name"), "val")
            made[key] = style
        return cls(made, default)

    def get(self, key: str) -> Style:
        """Return a style, that of plain text where there is none of that id."""
        return self.styles.get(key or self.default) or self.styles.get(self.default) or Style()


def _chain(key: str, raw: dict[str, Element]) -> list[Element]:
    chain: list[Element] = []
    while key in raw and len(chain) < _STYLE_DEPTH:
        chain.append(raw[key])
        key = value(child(raw[key], "basedOn"), "val")
    return chain


def _apply(style: Style, element: Element) -> None:
    properties = child(element, "pPr")
    outline = child(properties, "outlineLvl")
    if outline is not None:
        style.outline = whole(value(outline, "val"), 9)
    named = _HEADING.match(value(child(element, "name"), "val"))
    if named and outline is None:
        style.outline = int(named.group(1)) - 1
    list_id, level = numbering_of(properties)
    style.list_id = list_id or style.list_id
    style.list_level = level if level is not None else style.list_level
    letters = child(element, "rPr")
    if child(letters, "b") is not None:
        style.bold = is_on(child(letters, "b"))
    style.size = _size(letters) or style.size


def is_on(element: Element | None) -> bool:
    """Say whether a switch such as ``w:b`` stands there and is on."""
    return element is not None and value(element, "val", "1").lower() not in _OFF


def _size(letters: Element | None) -> float:
    return whole(value(child(letters, "sz"), "val")) / 2


def numbering_of(properties: Element | None) -> tuple[str, int | None]:
    """Return the list and the level that paragraph properties name."""
    own = child(properties, "numPr")
    level = child(own, "ilvl")
    return (
        value(child(own, "numId"), "val"),
        None if level is None else max(0, min(_LEVELS - 1, whole(value(level, "val")))),
    )


class Numbering:
    """Counts as Word does, from the first paragraph to the last."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        self._styles = styles
        abstract = {value(own, "abstractNumId"): own for own in children(root, "abstractNum")}
        self._levels: dict[str, list[_Level]] = {}  # by list
        self._series: dict[str, str] = {}  # the abstract list that a list counts on
        self._starts: dict[str, dict[int, int]] = {}  # by list: level -> number to start from
        self._of_style: dict[tuple[str, str], int] = {}  # (list, style) -> level
        for own in children(root, "num"):
            key = value(own, "numId")
            series = value(child(own, "abstractNumId"), "val")
            shape = self._resolved(abstract, series, root)
            self._levels[key] = [_Level() for _ in range(_LEVELS)]
            self._series[key] = series
            self._read_levels(key, children(shape, "lvl"))
            self._starts[key] = {}
            for override in children(own, "lvlOverride"):
                at = max(0, min(_LEVELS - 1, whole(value(override, "ilvl"))))
                self._read_levels(key, children(override, "lvl"))
                start = child(override, "startOverride")
                if start is not None:
                    self._starts[key][at] = whole(value(start, "val"), 1)
        self._counts: dict[str, list[int | None]] = {}
        self._begun: set[tuple[str, int]] = set()

    def _resolved(
        self, abstract: dict[str, Element], series: str, root: Element | None
    ) -> Element | None:
        """Follow a list that only names a style, which names the list with the levels."""
        shape = abstract.get(series)
        link = value(child(shape, "numStyleLink"), "val")
        if link:
            named = (a for a in abstract.values() if value(child(a, "styleLink"), "val") == link)
            return next(named, shape)
        return shape

    def _read_levels(self, key: str, elements: list[Element]) -> None:
        for own in elements:
            at = max(0, min(_LEVELS - 1, whole(value(own, "ilvl"))))
            restart = child(own, "lvlRestart")
            style = "decimal"
            for found in descendants(own, "numFmt"):
                style = value(found, "val", style)
            self._levels[key][at] = _Level(
                start=whole(value(child(own, "start"), "val"), 1),
                style=style,
                text=value(child(own, "lvlText"), "val"),
                legal=is_on(child(own, "isLgl")),
                restart=None if restart is None else whole(value(restart, "val")),
            )
            linked = value(child(own, "pStyle"), "val")
            if linked:
                self._of_style[key, linked] = at

    def number(self, properties: Element | None, style_id: str) -> tuple[str, int, bool]:
        """
        Count a paragraph.

        Returns:
            The number as Word shows it (empty where it shows none), the level (0 the
            outermost), and whether the paragraph is an item of a list or an outline.
        """
        style = self._styles.get(style_id)
        key, level = numbering_of(properties)
        if not key:
            key = style.list_id
            level = self._of_style.get((key, style_id), style.list_level)
        if key == "0" or key not in self._levels:
            return "", 0, False
        at = level or 0
        own = self._levels[key][at]
        counts = self._count(key, at)
        if own.style in _SILENT:
            return "", at, own.style == "bullet"
        return self._shown(key, own, counts), at, True

    def _count(self, key: str, at: int) -> list[int | None]:
        """Count one paragraph at a level on; what stands below it starts again."""
        counts = self._counts.setdefault(self._series[key], [None] * _LEVELS)
        override = self._starts[key].get(at)
        if override is not None and (key, at) not in self._begun:
            counts[at] = None
        before = counts[at]
        start = self._levels[key][at].start if override is None else override
        counts[at] = start if before is None else before + 1
        self._begun.add((key, at))
        for below in range(at + 1, _LEVELS):
            restart = self._levels[key][below].restart
            if restart is None or at < restart:
                counts[below] = None
        return counts

    def _shown(self, key: str, own: _Level, counts: list[int | None]) -> str:
        def number(found: re.Match[str]) -> str:
            at = int(found.group(1)) - 1
            level = self._levels[key][at]
            known = counts[at]
            count = level.start if known is None else known
            style = "1" if own.legal else _FORMATS.get(level.style, "1")
            return "" if level.style in _SILENT else counted(count, style)

        return " ".join(re.sub(r"%([1-9])", number, own.text).split())


def named(root: Element | None, wanted: str) -> Element | None:
    """Return the root where it has the name that its part should have, else nothing."""
    return root if root is not None and local(root) == wanted else None
