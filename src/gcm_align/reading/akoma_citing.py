"""Citations of legal XML as a lawyer writes them: Section 12(1)(a)."""

from __future__ import annotations

import re

from gcm_align.reading.xmltree import Element, child, local

# Of each hierarchy the element that a citation starts from, the first of them to be met.
_ROOTS = ("section", "article", "rule", "paragraph", "clause", "point", "level")
_WORDS = {
    "es": {"article": "Artículo", "section": "Sección", "paragraph": "Párrafo"},
    "pt": {"article": "Artigo", "section": "Secção", "paragraph": "Parágrafo"},
    "fr": {"paragraph": "Paragraphe", "rule": "Règle"},
}
_KEYWORD = re.compile(r"^[^\W\d_]{3,}\.?\s")  # the number itself says "Article"
_EDGES = " .,:;()[]\u2013\u2014-\u00a0\u201c\u201d\"'"
_LONGEST = 24  # characters of a number; more is no number
LANGUAGES = {
    "eng": "en", "fra": "fr", "fre": "fr", "spa": "es", "por": "pt", "ara": "ar", "rus": "ru",
    "zho": "zh", "deu": "de", "ger": "de", "ita": "it", "nld": "nl", "swa": "sw", "afr": "af",
    "pol": "pl", "ron": "ro", "tur": "tr", "ukr": "uk", "ell": "el", "sqi": "sq",
}  # fmt: skip


def words_of(element: Element | None) -> str:
    """Return the words of an element on one line."""
    return "" if element is None else " ".join("".join(map(str, element.itertext())).split())


def citation(chain: list[Element], language: str) -> str:
    """
    Return the citation of the last element of a chain.

    Args:
        chain: From the outermost element of the hierarchy to the one that is cited.
        language: ISO 639-1, for the word before the number.

    Returns:
        Such as ``Section 12(1)(a)``; empty where nothing in the chain has a number.
    """
    names = [local(own) for own in chain]
    start = next((names.index(root) for root in _ROOTS if root in names), None)
    if start is None:
        return ""
    number = words_of(child(chain[start], "num"))
    bare = number.strip(_EDGES)
    if not bare or len(bare) > _LONGEST:
        return ""
    if _KEYWORD.match(number):
        text = bare
    else:
        word = _WORDS.get(language, {}).get(names[start], names[start].capitalize())
        text = f"{word} {bare}"
    for own in chain[start + 1 :]:
        below = words_of(child(own, "num")).strip(_EDGES)
        if below and len(below) <= _LONGEST:
            # "12.3" below "12" repeats what stands above it.
            text += f"({below.rpartition('.')[2]})"
    return text
