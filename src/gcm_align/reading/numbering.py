"""Bullets, list markers and the numbering of headings, read from the start of a line."""

from __future__ import annotations

import re

# Private-use code points are glyphs of symbol fonts (Symbol, Wingdings); at the start of
# a line they are bullets in every file seen.
BULLETS = frozenset("•●▪■◆▶►➢➤✓✔❖‣◦○□·∙\u2043§¾Ø") | {"\uf0b7"}
DASHES = frozenset("-\u2013—*o")

_MARKER = re.compile(
    r"""(?:
      (?P<paren>\((?:[a-zA-Z]{1,2}|[ivxIVX]{1,6}|\d{1,3}[A-Z]{0,2})\))   # (a) (iv) (12)
    | (?P<decimal>\d{1,3}(?:\.\d{1,3})+[.)]?)(?=[\s\u2003A-Z]|$)          # 1.2  1.2.3.
    | (?P<number>\d{1,3}[A-Z]{0,2}[.)])(?=\s|$)                           # 12.  12)  27A.
    | (?P<roman>[ivxIVX]{1,6}[.)])(?=\s|$)                                # iv.  iv)
    | (?P<letter>[a-zA-Z][.)])(?=\s)                                      # a.  a)
    )""",
    re.VERBOSE,
)
# Consolidated laws put the reference of an amendment before the marker: "[xiv](6) ...".
_NOTE_REFERENCE = re.compile(r"^\[\w{1,8}\]\s*")
# A heading of a law or a plan that names its own rank; English, French, Spanish, Portuguese.
_LEGAL = re.compile(
    r"^(?P<word>part(?:ie|e)?|title|titre|t[íi]tulo|book|livre|libro|chapter|chapitre|"
    r"cap[íi]tulo|division|subdivision|section|secci[óo]n|se[çc][ãa]o|sous-section|"
    r"article|art[íi]culo|artigo|art\.?|annex|annexe|anexo|appendix|schedule|"
    r"goal|objective|pillar|axe|objectif)\s+"
    r"(?P<number>[\dIVXLCivxlc]+(?:\.\d+)*[A-Z]?|[A-Z])\b(?P<rest>.*)$",
    re.IGNORECASE | re.DOTALL,
)
# "Chapter 3" on a line of its own; its title follows.
BARE_LABEL = re.compile(
    r"^(?:part|chapter|title|annex|appendix|partie|chapitre|titre|annexe|cap[íi]tulo|t[íi]tulo)"
    r"\s+[\dIVXLC]+\s*[:.\u2013—-]?$",
    re.IGNORECASE,
)
_RANKS = {
    **dict.fromkeys(("part", "partie", "parte", "book", "livre", "libro"), 1),
    **dict.fromkeys(("title", "titre", "título", "titulo"), 1),
    **dict.fromkeys(("annex", "annexe", "anexo", "appendix", "schedule"), 1),
    **dict.fromkeys(("chapter", "chapitre", "capítulo", "capitulo", "axe", "pillar"), 2),
    **dict.fromkeys(("division", "section", "sección", "seccion", "seção", "secao"), 3),
    **dict.fromkeys(("goal", "objective", "objectif"), 3),
    **dict.fromkeys(("subdivision", "sous-section"), 4),
    **dict.fromkeys(("article", "artículo", "articulo", "artigo", "art", "art."), 5),
}


def is_bullet(text: str) -> bool:
    """Say whether a word is nothing but a bullet glyph."""
    return bool(text) and all(c in BULLETS or "\ue000" <= c <= "\uf8ff" for c in text)


def list_marker(text: str) -> tuple[str, str]:
    """
    Return (kind, marker) of the numbering at the start of a line.

    Kinds: paren, decimal, number, roman, letter; empty where there is none.
    """
    found = _MARKER.match(_NOTE_REFERENCE.sub("", text))
    if found is None or found.lastgroup is None:
        return "", ""
    return found.lastgroup, found.group()


def marker_class(text: str) -> str:
    """Return the style of a marker, such that siblings share it: ``(a)``, ``(i)``, ``1.``."""
    kind, marker = list_marker(text)
    if not kind:
        return ""
    core = marker.strip("().")
    if kind == "decimal":
        return "decimal" + str(core.count("."))
    if core[0].isdigit():
        shape = "1"
    elif core.lower() in {"i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi"}:
        shape = "i" if core.islower() else "I"
    else:
        shape = "a" if core.islower() else "A"
    return kind + shape if kind == "paren" else shape


FINITE_VERB = re.compile(
    r"\b(?:shall|will|must|may|should|is|are|was|were|has|have|can|doit|doivent|est|sont|"
    r"deber[áa]n?|podr[áa]n?|es|son)\b",
    re.IGNORECASE,
)
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")


def previous_marker(text: str) -> str:
    """Return the marker that comes before that of a line: ``1)`` for ``2)``; else nothing."""
    kind, marker = list_marker(text)
    core = marker.strip("().")
    if kind in {"", "decimal"} or marker.endswith("."):
        return ""
    if core.isdigit():
        before = str(int(core) - 1) if int(core) > 1 else ""
    elif core in _ROMAN[1:]:
        before = _ROMAN[_ROMAN.index(core) - 1]
    else:
        before = chr(ord(core) - 1) if len(core) == 1 and core.lower() > "a" else ""
    return marker.replace(core, before) if before else ""


def decimal_depth(text: str) -> int:
    """Return how deep a decimal number at the start is: 1 for ``3.``, 2 for ``3.1``; else 0."""
    kind, marker = list_marker(text)
    if kind == "number":
        return 1
    return marker.strip(".)").count(".") + 1 if kind == "decimal" else 0


def legal_rank(text: str) -> int:
    """Return the rank (1 the highest) of a heading such as ``Chapter II``; else 0."""
    found = _LEGAL.match(text)
    if found is None:
        return 0
    rest = found.group("rest").strip()
    # "Section 26 applies to ..." is a sentence, "Section 26. Offences" is a heading.
    if rest and rest[0].islower():
        return 0
    return _RANKS.get(found.group("word").lower(), 0)
