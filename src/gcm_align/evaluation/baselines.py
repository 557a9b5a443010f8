"""What everyone has: BM25 over the texts of the actions, to compare with."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt


def bm25_scores(actions: Sequence[str], texts: Sequence[str]) -> npt.NDArray[np.float32]:
    """
    Score texts against actions with BM25 (bm25s, English stems).

    Args:
        actions: What is searched. Length: n_actions.
        texts: What is looked for. Length: n_texts.

    Returns:
        Sums over shared words. Shape: (n_texts, n_actions).
    """
    import bm25s

    from gcm_align.lexical import stemmer

    logging.getLogger("bm25s").setLevel(logging.WARNING)  # it reports each index otherwise

    def tokens(of: Sequence[str]) -> list[list[str]]:
        found: list[list[str]] = bm25s.tokenize(
            list(of), stopwords="english", stemmer=stemmer(), return_ids=False, show_progress=False
        )
        return found

    index = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
    index.index(tokens(actions), show_progress=False)
    out = np.zeros((len(texts), len(actions)), dtype=np.float32)
    for row, words in enumerate(tokens(texts)):
        known = sorted(set(words) & index.vocab_dict.keys())
        if known:
            out[row] = index.get_scores(known)
    return out
