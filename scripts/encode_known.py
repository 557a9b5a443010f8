"""Encode the actions and known phrasings once; write ``models/vectors.safetensors``.

python scripts/encode_known.py
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors.numpy import save_file

from gcm_align.catalogue import load_catalogue
from gcm_align.encoding import CachedEncoder, load_encoder
from gcm_align.known_vectors import FILE
from gcm_align.matching import build_index
from gcm_align.prototypes import load_prototypes


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


def main() -> None:
    """Write the vectors, in the order of their keys, with the digest of their encoder."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("models") / FILE)
    out: Path = parser.parse_args().out
    framework, encoder, kept = load_catalogue(), load_encoder(), Kept()
    build_index(framework, CachedEncoder(encoder=encoder, cache=kept), load_prototypes(framework))
    ordered = sorted(kept.vectors)
    keys = np.array([list(bytes.fromhex(key)) for key in ordered], dtype=np.uint8)
    content: dict[str, npt.NDArray[Any]] = {"keys": keys}
    content["vectors"] = np.stack([kept.vectors[key] for key in ordered])
    save_file(content, out, metadata={"encoder_sha256": encoder.sha256})
    print(f"{len(keys)} vectors, {out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
