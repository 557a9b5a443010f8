"""Which language a text is in, told offline by py3langid's model of 97 languages."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from gcm_align.types import LIVE_KINDS, Block

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

UNKNOWN = "und"  # ISO 639-2 for undetermined

_SAMPLE_CHARS = 20_000  # more changes nothing and costs time
_LEAST_LETTERS = 60  # below it names and numbers decide
_LEAST_SURE = 0.8  # normalised probability of the best language
_PASSAGE_LETTERS = 150  # a name-laden clause of fewer is taken for another language
_PASSAGE_SURE = 0.999


def detect_language(text: str) -> str:
    """Return the ISO 639-1 code of a text's language, ``und`` where it cannot be told."""
    sample = _sample(text)
    if sum(c.isalpha() for c in sample) < _LEAST_LETTERS:
        return UNKNOWN
    language, probability = _identifier().classify(sample)
    return str(language) if probability >= _LEAST_SURE else UNKNOWN


def load_languages() -> None:
    """Load the model of languages now; it is packed, and takes half a second."""
    _identifier()


def with_languages(
    text: str, blocks: tuple[Block, ...], language: str
) -> tuple[tuple[Block, ...], str]:
    """
    Say of each block whose language is surely not the document's which it is.

    Returns:
        The blocks, and a warning where a reader of one language would miss something (empty
        where there is none).
    """
    if language == UNKNOWN:
        return blocks, ""
    found: Counter[str] = Counter()
    made: list[Block] = []
    for block in blocks:
        own = _surely(text[block.start : block.end]) if block.kind in LIVE_KINDS else ""
        if own in ("", language):
            made.append(block)
        else:
            found[own] += 1
            made.append(replace(block, language=own))
    if not found:
        return blocks, ""
    each = ", ".join(f"{name} {n}" for name, n in sorted(found.items()))
    some = f"{found.total()} of {len(blocks)} blocks are not in the document's language"
    return tuple(made), f"{some} ({language}): {each}; read them yourself"


def _surely(text: str) -> str:
    """Return the language of a passage that is long enough to tell, else nothing."""
    if sum(c.isalpha() for c in text) < _PASSAGE_LETTERS:
        return ""
    language, probability = _identifier().classify(text)
    return str(language) if probability >= _PASSAGE_SURE else ""


def _sample(text: str) -> str:
    """Return the middle of a long text: the front matter may be in several languages."""
    if len(text) <= _SAMPLE_CHARS:
        return text
    start = (len(text) - _SAMPLE_CHARS) // 2
    return text[start : start + _SAMPLE_CHARS]


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
