"""Encode the actions and known texts, and count their words, once.

    python scripts/encode_known.py

Writes ``models/vectors.safetensors`` and ``models/words.safetensors``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors.numpy import save_file

from gcm_align import known_vectors, lexical
from gcm_align.catalogue import Framework, load_catalogue
from gcm_align.encoding import CachedEncoder, load_encoder
from gcm_align.indexing import build_index, carried
from gcm_align.lexical import WordTable, count_words, save_word_table
from gcm_align.prototypes import KnownText, load_known


class Kept:
    """A store in memory, to see what the index of the actions encodes."""

    def __init__(self) -> None:
        self.vectors: dict[str, npt.NDArray[np.float32]] = {}

    def get(self, keys: Sequence[str]) -> dict[str, npt.NDArray[np.float32]]:
        """Return the vectors that are there, by key."""
        return {key: self.vectors[key] for key in keys if key in self.vectors}

    def put(self, vectors: Mapping[str, npt.NDArray[np.float32]]) -> None:
        """Keep vectors under their keys."""
        self.vectors.update(vectors)


def words_of(framework: Framework, known: Sequence[KnownText]) -> WordTable:
    """Count the words of the known texts."""
    number = {action.id: i for i, action in enumerate(framework.actions)}
    texts = [text.text for text in known]
    told = json.dumps([[t.text, t.actions, t.source] for t in known], ensure_ascii=False)
    coded = np.array([bool(text.source) for text in known])
    digest = hashlib.sha256(told.encode()).hexdigest()
    return count_words(texts, carried(known, number), coded, digest)


def main() -> None:
    """Write vectors, in the order of their keys, with the digest of their encoder; and words."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("models"))
    out: Path = parser.parse_args().out
    framework, encoder, kept = load_catalogue(), load_encoder(), Kept()
    known = load_known(framework)
    table = words_of(framework, known)
    (out / lexical.FILE).write_bytes(save_word_table(table))
    print(f"{len(table.stems)} stems")
    cached = CachedEncoder(encoder=encoder, cache=kept)
    build_index(framework, cached, known, table=table)
    ordered = sorted(kept.vectors)
    keys = np.array([list(bytes.fromhex(key)) for key in ordered], dtype=np.uint8)
    content: dict[str, npt.NDArray[Any]] = {"keys": keys}
    content["vectors"] = np.stack([kept.vectors[key] for key in ordered])
    path = out / known_vectors.FILE
    save_file(content, path, metadata={"encoder_sha256": encoder.sha256})
    print(f"{len(keys)} vectors, {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
