"""How likely a passage works against the Compact: learned, beside the rules of counter.py.

The rules name the action and the words, and know the harms they were written for. What is
learned knows more wordings and no action: it speaks up where no rule does, and is asked
where a rule does. It is the packaged encoder with three layers of its own and one linear
layer (``scripts/train_opposition.py``); the graph is that of the default encoder.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gcm_align.artifacts import models_path
from gcm_align.encoding import load_graph_encoder, usable_cores
from gcm_align.errors import ArtifactError
from gcm_align.graph_encoding import GraphEncoder

FOLDER = "opposition"
HEAD, WEIGHTS = "opposition.json", "model.safetensors"
CLASSES = ("against", "for", "neither")
SCALE = 20.0  # of the unit vector before the linear layer
LEAD_CHARS = 150  # of what governs a list item

Array = npt.NDArray[np.float64]


@dataclass(slots=True)
class Opposition:
    """
    The encoder and its linear layer.

    slopes: Shape: (3, n_dimensions).
    intercepts: Shape: (3,).
    """

    encoder: GraphEncoder
    slopes: Array
    intercepts: Array

    def chances(self, texts: Sequence[str]) -> Array:
        """Return how likely each text is against an action. Shape: (n_texts,)."""
        if not texts:
            return np.zeros(0)
        vectors = self.encoder.encode(texts).astype(np.float64)
        logits = SCALE * vectors @ self.slopes.T + self.intercepts
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares: Array = odds[:, CLASSES.index("against")] / odds.sum(axis=1)
        return shares


def clause_with_lead(text: str, lead_in: str, kind: str) -> str:
    """Return what is judged: a list item with the end of what governs it, in one line."""
    whole = f"{lead_in[-LEAD_CHARS:]} {text}" if lead_in and kind == "list_item" else text
    return " ".join(whole.split())


def load_opposition(threads: int | None = None) -> Opposition:
    """
    Load ``models/opposition``.

    Args:
        threads: That encode, a text each; as many as cores where left out.

    Raises:
        ArtifactError: A file is missing or broken.
    """
    path = models_path(FOLDER, HEAD)
    try:
        card = json.loads(path.read_text(encoding="utf-8"))
        slopes = np.array(card["slopes"], dtype=np.float64)
        intercepts = np.array(card["intercepts"], dtype=np.float64)
        digest = str(card["sha256"])
        if slopes.ndim != 2 or slopes.shape[:1] != intercepts.shape != (len(CLASSES),):
            raise ValueError(f"slopes of shape {slopes.shape}")
    except (OSError, UnicodeDecodeError, ValueError, KeyError, TypeError) as error:
        raise ArtifactError(
            "What tells clauses against the Compact cannot be read",
            value=f"{path} ({error!r})",
            expected=f"slopes and intercepts of {', '.join(CLASSES)}",
            hint="Install gcm-align again, or run scripts/train_opposition.py.",
        ) from error
    encoder = load_graph_encoder(models_path(FOLDER, WEIGHTS), digest, threads or usable_cores())
    return Opposition(encoder=encoder, slopes=slopes, intercepts=intercepts)
