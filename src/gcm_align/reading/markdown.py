"""Markdown to drafts: front matter, headings, lists, pipe tables, quotations."""

from __future__ import annotations

import re

from gcm_align.reading.layout import Draft, Line, Part
from gcm_align.reading.numbering import list_marker
from gcm_align.types import BlockKind

_FRONT_MATTER = re.compile(r"\A---\s*\n(?P<body>.*?)\n(?:---|\.\.\.)\s*(?:\n|\Z)", re.DOTALL)
_TITLE = re.compile(r"^title:\s*[\"']?(?P<title>.*?)[\"']?\s*$", re.MULTILINE)
_LANGUAGE = re.compile(r"^lang(?:uage)?:\s*[\"']?(?P<code>[a-z]{2})(?![a-z])", re.M | re.I)
_HEADING = re.compile(r"^(?P<marks>#{1,6})\s+(?P<text>.*?)\s*#*$")
_BULLET = re.compile(r"^(?P<indent>\s*)[-*+•]\s+(?P<text>\S.*)$")
_NUMBERED = re.compile(r"^(?P<indent>\s*)(?P<text>(?:\d{1,3}[.)]|\(?[a-zA-Z]{1,4}\))\s+\S.*)$")
_RULE = re.compile(r"^\s*\|?(?:\s*:?-{3,}:?\s*\|)+\s*(?::?-{3,}:?)?\s*$")
_SEPARATOR = re.compile(r"^\s*(?:[-*_]\s*){3,}$")
_FENCE = re.compile(r"^\s*(?:```|~~~)")
_MARKUP = (
    (re.compile(r"<!--.*?-->", re.DOTALL), ""),
    # Without brackets inside: else each of a thousand open ones is looked at to the end.
    (re.compile(r"!\[[^\[\]]*\]\([^()]*\)"), ""),
    (re.compile(r"\[([^\[\]]+)\]\([^()]*\)"), r"\1"),
    (re.compile(r"<(?:br|/?p|/?div|/?span|/?b|/?i|/?u|/?a|/?sup|/?sub)\b[^>]*>", re.I), " "),
    (re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![\w*])\*(?=[^\s)])((?:(?!\n\s*\n)[^*])+?)(?<=[^\s(])\*(?![\w*])"), r"\1"),
    (re.compile(r"(?<![\w_])_(?=\S)((?:(?!\n\s*\n)[^_])+?)(?<=\S)_(?![\w_])"), r"\1"),
    (re.compile(r"`([^`]+)`"), r"\1"),
    (re.compile(r"\\([\\`*_{}\[\]()#+.!|>-])"), r"\1"),
)


def strip_markup(text: str) -> str:
    """Return Markdown text without its inline marks; words and their order stay."""
    for pattern, replacement in _MARKUP:
        text = pattern.sub(replacement, text)
    return text


def parse_markdown(text: str) -> tuple[str, list[Draft]]:
    """
    Cut Markdown into drafts; the whole text is page 1.

    Returns:
        The title (front matter, else the first heading of level 1), and the drafts.
    """
    title = ""
    front = _FRONT_MATTER.match(text)
    if front is not None:
        found = _TITLE.search(front.group("body"))
        title = found.group("title") if found else ""
        text = text[front.end() :]
    # Comments are hidden in every viewer; they may run over blank lines.
    parser = _Parser()
    for raw in re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL).split("\n"):
        parser.line(raw)
    parser.end()
    drafts = parser.drafts
    if not title:
        headings = [d for d in drafts if d.kind is BlockKind.HEADING and d.level == 1]
        title = headings[0].text if headings else ""
    return title, drafts


def declared_language(text: str) -> str:
    """Return the ISO 639-1 code that the front matter gives, empty where it gives none."""
    front = _FRONT_MATTER.match(text)
    found = _LANGUAGE.search(front.group("body")) if front else None
    return found.group("code").lower() if found else ""


class _Parser:
    """Line by line; ``pending`` holds the lines of the open paragraph, item or table row."""

    def __init__(self) -> None:
        self.drafts: list[Draft] = []
        self.pending: list[str] = []
        self.kind = BlockKind.PARAGRAPH
        self.indent = 0
        self.bullet = False
        self.columns: list[str] = []
        self.fenced = False

    def line(self, raw: str) -> None:
        quoted = re.sub(r"^\s{0,3}(?:>\s?)+", "", raw)
        if quoted != raw and self.kind is BlockKind.LIST_ITEM:
            self.end()
        raw = quoted
        heading = _HEADING.match(raw)
        bullet = _BULLET.match(raw)
        numbered = _NUMBERED.match(raw)
        if _FENCE.match(raw):
            self.end()
            self.fenced = not self.fenced
        elif not raw.strip() or (_SEPARATOR.match(raw) and "|" not in raw):
            self.end()
        elif heading is not None and not self.fenced:
            self.end()
            draft = self._add(BlockKind.HEADING, [heading.group("text")])
            if draft is not None:
                draft.level = len(heading.group("marks"))
        elif raw.lstrip().startswith("|") and "|" in raw.strip()[1:]:
            self._table_line(raw)
        elif bullet is not None and not self.fenced:
            self._item(bullet.group("text"), len(bullet.group("indent")), bullet=True)
        elif numbered is not None and not self.fenced:
            self._item(numbered.group("text"), len(numbered.group("indent")), bullet=False)
        else:
            self.columns = []
            self.pending.append(raw.strip())

    def end(self) -> None:
        """Close what is open."""
        if self.pending:
            self._add(self.kind, self.pending)
        self.pending, self.kind, self.bullet, self.indent = [], BlockKind.PARAGRAPH, False, 0

    def _item(self, text: str, indent: int, *, bullet: bool) -> None:
        self.end()
        self.kind, self.indent, self.bullet = BlockKind.LIST_ITEM, indent, bullet
        self.pending = [text]

    def _table_line(self, raw: str) -> None:
        self.end()
        if _RULE.match(raw):
            last = self.drafts[-1] if self.drafts else None
            if last is not None and last.kind is BlockKind.TABLE_ROW:
                last.kind = BlockKind.TABLE_HEADER
                self.columns = [""] * (max((p.index for p in last.parts), default=-1) + 1)
                for part in last.parts:
                    self.columns[part.index] = part.text
            return
        cells = re.split(r"(?<!\\)\|", raw.strip().strip("|"))
        parts = []
        for index, cell in enumerate(cells):
            words = " ".join(strip_markup(cell).split())
            name = self.columns[index] if index < len(self.columns) else ""
            if words:
                parts.append(Part(page=1, text=words, column=name, index=index))
        if parts:
            self.drafts.append(Draft(kind=BlockKind.TABLE_ROW, parts=parts))

    def _add(self, kind: BlockKind, lines: list[str]) -> Draft | None:
        text = " ".join(strip_markup("\n".join(lines)).split())
        if not text:
            return None
        if kind is BlockKind.PARAGRAPH and list_marker(text)[0] == "paren":
            kind = BlockKind.LIST_ITEM
        line = Line(
            page=1, text=text, x0=6.0 * self.indent, top=0, x1=0, bottom=0, bullet=self.bullet
        )
        draft = Draft(kind=kind, parts=[Part(page=1, text=text)], lines=[line])
        self.drafts.append(draft)
        return draft
