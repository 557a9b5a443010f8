"""Vectors of the actions and known texts, made once and shipped with the encoder.

They are what an empty cache would compute in its first minute. They serve the encoder that
made them and no other: the file names its digest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from gcm_align.artifacts import models_path
from gcm_align.errors import ArtifactError

FloatArray = npt.NDArray[np.float32]

FILE = "vectors.safetensors"


class KnownVectors:
    """A read-only store of vectors by content key; see encoding.text_key."""

    def __init__(self, vectors: Mapping[str, FloatArray]) -> None:
        self._vectors = dict(vectors)

    def __len__(self) -> int:
        return len(self._vectors)

    def get(self, keys: Sequence[str]) -> dict[str, FloatArray]:
        """Return the vectors that are there, by key. Each shape: (n_dimensions,)."""
        return {key: self._vectors[key] for key in keys if key in self._vectors}

    def put(self, vectors: Mapping[str, FloatArray]) -> None:
        """Keep nothing: what is new belongs in the user's cache."""


def load_known_vectors(encoder_sha256: str) -> KnownVectors:
    """Load the shipped vectors of an encoder; none where they are another encoder's."""
    from safetensors import SafetensorError, safe_open

    try:
        path = models_path(FILE)
        with safe_open(path, framework="np") as file:
            if (file.metadata() or {}).get("encoder_sha256") != encoder_sha256:
                return KnownVectors({})
            keys, vectors = file.get_tensor("keys"), file.get_tensor("vectors")
    except (ArtifactError, OSError, SafetensorError):
        return KnownVectors({})  # a convenience: without it they are computed
    return KnownVectors({k.tobytes().hex(): v for k, v in zip(keys, vectors, strict=True)})
