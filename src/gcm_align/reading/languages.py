"""Which language a text is in, told offline by py3langid's model of 97 languages."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

UNKNOWN = "und"  # ISO 639-2 for undetermined

_SAMPLE_CHARS = 20_000  # more changes nothing and costs time
_LEAST_LETTERS = 60  # below it names and numbers decide
_LEAST_SURE = 0.8  # normalised probability of the best language


def detect_language(text: str) -> str:
    """Return the ISO 639-1 code of a text's language, ``und`` where it cannot be told."""
    sample = _sample(text)
    if sum(c.isalpha() for c in sample) < _LEAST_LETTERS:
        return UNKNOWN
    language, probability = _identifier().classify(sample)
    return str(language) if probability >= _LEAST_SURE else UNKNOWN


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
