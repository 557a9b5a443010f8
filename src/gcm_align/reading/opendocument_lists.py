"""Numbers of an OpenDocument text: the file names a list and a level, and a viewer counts.

OpenDocument 1.3 part 3, 4.3 (lists), 16.30 (list styles), 16.34 (outline).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from gcm_align.reading.counting import counted
from gcm_align.reading.xmltree import Element, descendants, local, value, whole

OUTLINE = "\0outline"  # the name of the one list style that headings count on; no file has it
LEVELS = 10
_LEVEL_STYLES = frozenset(
    {"list-level-style-number", "list-level-style-bullet", "outline-level-style"}
)


@dataclass(slots=True, kw_only=True)
class _Level:
    format: str = ""  # 1, a, A, i, I; empty where no number is shown
    prefix: str = ""
    suffix: str = ""
    shown: int = 1  # how many levels the number shows
    start: int = 1
    template: str = ""  # LibreOffice's own: %1%.%2%


Counts = list[int | None]


class Lists:
    """Counts as a viewer does, from the first paragraph to the last."""

    def __init__(self, roots: list[Element]) -> None:
        self._styles: dict[str, dict[int, _Level]] = {}
        self._by_list: dict[str, Counts] = {}  # by the id of a list
        self._by_style: dict[str, Counts] = {}  # of the last list of a style
        for root in roots:
            for own in descendants(root, "list-style", "outline-style"):
                name = OUTLINE if local(own) == "outline-style" else value(own, "name")
                self._styles[name] = dict(map(_level, _levels(own)))

    def begin(self, element: Element, style: str) -> Counts:
        """Return the counts that an outermost list goes on with."""
        going_on = self._by_list.get(value(element, "continue-list"))
        if going_on is None and value(element, "continue-numbering") == "true":
            going_on = self._by_style.get(style)
        counts: Counts = [None] * LEVELS if going_on is None else going_on
        self._by_style[style] = counts
        if value(element, "id"):
            self._by_list[value(element, "id")] = counts
        return counts

    def outline(self) -> Counts:
        """Return the counts of headings."""
        return self._by_style.setdefault(OUTLINE, [None] * LEVELS)

    def number(self, counts: Counts, style: str, at: int, start: int | None = None) -> str:
        """
        Count one item or heading.

        Args:
            counts: Of its list; changed.
            style: Name of the list style.
            at: Level, 0 the outermost.
            start: The number that the item says it has.

        Returns:
            The number as it is shown, empty where none is.
        """
        levels = self._styles.get(style, {})
        own = levels.get(at, _Level())
        before = counts[at]
        first = own.start if before is None else before + 1
        counts[at] = first if start is None else start
        counts[at + 1 :] = [None] * (LEVELS - at - 1)
        if not own.format:
            return ""

        def shown(level: int) -> str:
            style_of = levels.get(level, _Level())
            known = counts[level]
            count = style_of.start if known is None else known
            return counted(count, style_of.format) if style_of.format else ""

        if own.template:
            text = re.sub(r"%(\d{1,2})%", lambda f: shown(min(int(f[1]), LEVELS) - 1), own.template)
        else:
            parts = [shown(level) for level in range(max(0, at - own.shown + 1), at + 1)]
            text = own.prefix + ".".join(part for part in parts if part) + own.suffix
        return " ".join(text.split())

    def is_bullet(self, style: str, at: int) -> bool:
        """Say whether the items of a level have a bullet, or a mark of no style at all."""
        own = self._styles.get(style, {}).get(at)
        return own is None or not own.format


def _levels(style: Element) -> list[Element]:
    return [own for own in style if local(own) in _LEVEL_STYLES]


def _level(element: Element) -> tuple[int, _Level]:
    level = _Level(
        prefix=value(element, "num-prefix"),
        suffix=value(element, "num-suffix"),
        shown=max(1, whole(value(element, "display-levels"), 1)),
        start=whole(value(element, "start-value"), 1),
        template=value(element, "num-list-format"),
    )
    if local(element) != "list-level-style-bullet":
        level.format = value(element, "num-format")[:1]
    return max(1, min(LEVELS, whole(value(element, "level"), 1))) - 1, level
