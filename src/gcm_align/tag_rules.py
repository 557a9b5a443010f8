"""Word classes and base forms after the parse, each kind of token decided once.

The rules of spaCy's attribute ruler look at a token's tag, letters and dependency alone, and
cost as much as the parse when they are matched anew at every token. Here they are matched
once for each combination of the three; a document with one of the few rules over two tokens
goes through the ruler itself. The outcome is the ruler's own, token for token.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

RULER, LEMMATIZER = "attribute_ruler", "lemmatizer"
LATER = (RULER, LEMMATIZER)

_KEY = ("TAG", "LOWER", "DEP", "IS_SPACE")
_SET = ("POS", "MORPH", "LEMMA")

_Key = tuple[int, int, int, bool]  # tag, lower, dep, whether it is white space
_Values = tuple[int, int, int, int, int]  # tag, dep, pos, morph, lemma; 0 where nothing is set
_rulers: WeakKeyDictionary[Any, _Ruler] = WeakKeyDictionary()


def finish(docs: Sequence[Doc], nlp: Language) -> None:
    """
    Give parsed documents their word classes and base forms, in place.

    Args:
        docs: What the pipeline returned with the components of :data:`LATER` left out.
        nlp: The pipeline; one that has no such components changes nothing.
    """
    if RULER in nlp.pipe_names:
        ruler = nlp.get_pipe(RULER)
        if ruler not in _rulers:
            _rulers[ruler] = _Ruler(ruler, nlp)
        for doc in docs:
            _rulers[ruler].apply(doc)
    if LEMMATIZER in nlp.pipe_names:
        lemmatizer: Any = nlp.get_pipe(LEMMATIZER)
        for doc in docs:
            lemmatizer(doc)


class _Ruler:
    """An attribute ruler that remembers what its rules made of a token."""

    def __init__(self, ruler: Any, nlp: Language) -> None:
        from spacy.matcher import Matcher

        self._ruler = ruler
        self._vocab = nlp.vocab
        self._known: dict[_Key, _Values] = {}
        self._neighbours = Matcher(nlp.vocab)
        patterns = [own for rule in ruler.patterns for own in rule["patterns"]]
        self._local = all(_attributes(own) <= set(_KEY) for own in patterns)
        longer = [own for own in patterns if len(own) > 1]
        if longer:
            self._neighbours.add("longer", longer)

    def apply(self, doc: Doc) -> None:
        """Do what the ruler would do to a document, in place."""
        if not self._local or self._neighbours(doc):
            self._ruler(doc)
            return
        rows = []
        for at, (tag, lower, dep, space) in enumerate(doc.to_array(list(_KEY)).tolist()):
            key = (tag, lower, dep, bool(space))
            values = self._known.get(key)
            if values is None:
                self._known[key] = values = self._decide(doc[at].text, key)
            if values[:2] != (tag, dep):  # of white space alone
                doc[at].tag, doc[at].dep = values[:2]
            rows.append(values[2:])
        if rows:
            values_of: Any = np.array(rows, dtype=np.uint64)
            doc.from_array(list(_SET), values_of)

    def _decide(self, word: str, key: _Key) -> _Values:
        """Return what the ruler makes of a token of this kind, alone in a document."""
        from spacy.tokens import Doc

        alone = Doc(self._vocab, words=[word], spaces=[False])
        alone[0].tag, alone[0].dep = key[0], key[2]
        self._ruler(alone)
        pos, morph, lemma = alone.to_array(list(_SET))[0].tolist()
        return (alone[0].tag, alone[0].dep, pos, morph, lemma)


def _attributes(pattern: Iterable[dict[str, object]]) -> set[str]:
    return {name for token in pattern for name in token}
