"""Words that passages share with actions: rarer words count more, repeated ones ever less.

Three vocabularies of each action are kept apart: its own words (text, elements, title of
the objective), the words of the clauses that show how it is said, and those of the coded
passages that carry it. How rare a word is, is told by the project's own texts and not by the
document at hand, so a passage has the same score in whatever document it stands.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from gcm_align.artifacts import models_path
from gcm_align.errors import ArtifactError
from gcm_align.lexicons import load_lexicon

if TYPE_CHECKING:
    import Stemmer

FloatArray = npt.NDArray[np.float32]

FILE = "words.safetensors"
# Okapi BM25 (Robertson and Zaragoza, 2009): repetition soon adds little. Length is held
# against a passage less than usual (0.75), for clauses are all short.
K1, B = 1.2, 0.3
MEAN_WORDS = 22.0  # stems of a passage of a policy, stop words aside
TITLE = 0.5  # weight of a word that only the objective's title has
LEAST_TEXTS = 2  # a word of one text alone is that text's and not the action's
LEAST_SHARE = 3  # an action with fewer coded passages has no share of one half by one of them
_WORD = re.compile(r"[a-z][a-z]+")
_CUT = re.compile(r"\b([A-Za-z]+)- ([a-z]+)\b")  # a hyphen with a space behind it


@dataclass(frozen=True, slots=True, kw_only=True)
class WordTable:
    """
    What the project's texts say of words.

    stems: in alphabetical order. Length: n_stems.
    rarity: inverse document frequency of each. Shape: (n_stems,).
    unseen: that of a word which none of the texts has.
    phrasing, coded: share of an action's clauses, and of its coded passages, that hold each
        stem. Shape of each: (n_stems, n_actions).
    sha256: digest of the texts that it was counted on.
    """

    stems: tuple[str, ...]
    rarity: FloatArray
    unseen: float
    phrasing: FloatArray
    coded: FloatArray
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WordIndex:
    """
    The words of every action of a framework, with what each is worth.

    rarity: by stem. weights: by name of the vocabulary, then by stem, the weight for each
        action. Shape of each: (n_actions,).
    """

    rarity: Mapping[str, float]
    weights: Mapping[str, Mapping[str, FloatArray]]
    n_actions: int

    def scores(self, texts: Sequence[str]) -> dict[str, FloatArray]:
        """Return the sum over shared words, by vocabulary. Shape of each: (n_texts, n_actions)."""
        out = {
            name: np.zeros((len(texts), self.n_actions), dtype=np.float32) for name in self.weights
        }
        for row, text in enumerate(texts):
            counts = Counter(stems_of(text))
            length = 1 - B + B * counts.total() / MEAN_WORDS
            for stem, count in counts.items():
                rarity = self.rarity.get(stem)
                if rarity is None:
                    continue
                worth = np.float32(rarity * count * (K1 + 1) / (count + K1 * length))
                for name, weights in self.weights.items():
                    own = weights.get(stem)
                    if own is not None:
                        out[name][row] += worth * own
        return out


def build_word_index(
    own: Sequence[str], titles: Sequence[str], table: WordTable, *, known: bool
) -> WordIndex:
    """
    Index the words of actions.

    Args:
        own: Each action's text with its elements. Length: n_actions.
        titles: Title of each action's objective. Length: n_actions.
        table: Rarity of words, and the words of known texts.
        known: The actions are those of the table, so that its shares hold.
    """
    n = len(own)
    mine: dict[str, FloatArray] = {}
    for number, (text, title) in enumerate(zip(own, titles, strict=True)):
        counts = Counter(stems_of(text))
        worth = {stem: min(1.5, count**0.5) for stem, count in counts.items()}
        for stem in stems_of(title):
            worth[stem] = max(worth.get(stem, 0.0), TITLE)
        for stem, value in worth.items():
            mine.setdefault(stem, np.zeros(n, dtype=np.float32))[number] = value
    weights: dict[str, Mapping[str, FloatArray]] = {"lexical": mine}
    if known:
        weights["phrasing_words"] = _held(table.stems, table.phrasing)
        weights["coded_words"] = _held(table.stems, table.coded)
    rarity = dict(zip(table.stems, table.rarity.tolist(), strict=True))
    rarity |= {stem: table.unseen for stem in mine if stem not in rarity}
    return WordIndex(rarity=rarity, weights=weights, n_actions=n)


def count_words(
    texts: Sequence[str], carries: npt.NDArray[np.bool_], coded: npt.NDArray[np.bool_], sha256: str
) -> WordTable:
    """
    Count the words of known texts.

    Args:
        texts: Clauses and coded passages. Length: n_texts.
        carries: The actions of each. Shape: (n_texts, n_actions).
        coded: Whether each is a coded passage. Shape: (n_texts,).
        sha256: Digest of the texts.
    """
    held = [sorted(set(stems_of(text))) for text in texts]
    stems = tuple(sorted({stem for row in held for stem in row}))
    number = {stem: i for i, stem in enumerate(stems)}
    shares = []
    for kind, least in ((~coded, 1), (coded, LEAST_SHARE)):
        counts = np.zeros((len(stems), carries.shape[1]), dtype=np.float32)
        for row in np.flatnonzero(kind & carries.any(axis=1)):
            places = np.array([number[s] for s in held[row]], dtype=np.int64)
            counts[np.ix_(places, np.flatnonzero(carries[row]))] += 1
        counts[counts < LEAST_TEXTS] = 0
        shares.append(counts / np.maximum(carries[kind].sum(axis=0), least))
    n = len(texts)
    numbers = np.array([number[s] for row in held for s in row], dtype=np.int64)
    found = np.bincount(numbers, minlength=len(stems))
    return WordTable(
        stems=stems,
        rarity=np.log1p((n - found + 0.5) / (found + 0.5)).astype(np.float32),
        unseen=float(np.log1p((n + 0.5) / 0.5)),
        phrasing=shares[0].astype(np.float32),
        coded=shares[1].astype(np.float32),
        sha256=sha256,
    )


def save_word_table(table: WordTable) -> bytes:
    """Return the table as safetensors, shares in half precision."""
    from safetensors.numpy import save

    tensors: dict[str, npt.NDArray[Any]] = {
        "rarity": table.rarity,
        "phrasing": table.phrasing.astype(np.float16),
        "coded": table.coded.astype(np.float16),
    }
    told = {"stems": table.stems, "unseen": table.unseen, "sha256": table.sha256}
    # One entry: several have no fixed order in the file.
    written: bytes = save(tensors, metadata={"table": json.dumps(told)})
    return written


@cache
def load_word_table() -> WordTable:
    """
    Load ``models/words.safetensors``; ``scripts/encode_known.py`` makes it.

    Raises:
        ArtifactError: The file is missing or broken.
    """
    from safetensors import SafetensorError, safe_open

    path = models_path(FILE)
    try:
        with safe_open(path, framework="np") as file:
            told = json.loads(file.metadata()["table"])
            return WordTable(
                stems=tuple(told["stems"]),
                rarity=file.get_tensor("rarity"),
                unseen=float(told["unseen"]),
                phrasing=file.get_tensor("phrasing").astype(np.float32),
                coded=file.get_tensor("coded").astype(np.float32),
                sha256=told["sha256"],
            )
    except (OSError, SafetensorError, ValueError, KeyError, TypeError) as error:
        raise ArtifactError(
            "The table of words cannot be read",
            value=f"{path} ({error!r})",
            expected="stems with their rarity and shares",
            hint="Install gcm-align again, or run scripts/encode_known.py.",
        ) from error


def plain_text(text: str) -> str:
    """
    Return a text as it is encoded: on one line, words that a line's end cut put together.

    "certi- ficate" is put together where the whole is a word that the project's texts know;
    "data- sharing" is two words, and "pre- and post-departure" is left as it is.
    """
    return _CUT.sub(_joined, " ".join(text.split()))


def _joined(cut: re.Match[str]) -> str:
    whole = cut[1] + cut[2]
    if cut[2] in _stop_words():
        return cut[0]
    known = stemmer().stemWord(whole.lower()) in _known_stems()
    return whole if known else f"{cut[1]}-{cut[2]}"


def stems_of(text: str) -> list[str]:
    """Return the stems of a text's words in their order, stop words left out."""
    stop = _stop_words()
    words = [word for word in _WORD.findall(text.lower()) if word not in stop]
    stems: list[str] = stemmer().stemWords(words)
    return stems


def _held(stems: Sequence[str], shares: FloatArray) -> dict[str, FloatArray]:
    return {stems[int(i)]: shares[i] for i in np.flatnonzero(shares.any(axis=1))}


@cache
def _known_stems() -> frozenset[str]:
    return frozenset(load_word_table().stems)


@cache
def _stop_words() -> frozenset[str]:
    return frozenset(load_lexicon("stop")["lists"]["words"])


@cache
def stemmer() -> Stemmer.Stemmer:
    """Return the stemmer of English words, made once."""
    import Stemmer

    return Stemmer.Stemmer("english")
